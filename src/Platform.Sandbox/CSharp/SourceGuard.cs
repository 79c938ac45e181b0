using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.CSharp;

/// <summary>The first of the two allow-lists: walks the source and looks at every symbol and type to which it binds.</summary>
internal sealed class SourceGuard(SemanticModel model, IAssemblySymbol script, string file) : CSharpSyntaxWalker(SyntaxWalkerDepth.StructuredTrivia)
{
    private static readonly Dictionary<SyntaxKind, (string What, string Hint)> Refused = Table(
        ("unsafe code", "Arrays and lists do the same safely.",
            [SyntaxKind.UnsafeStatement, SyntaxKind.FixedStatement, SyntaxKind.PointerType, SyntaxKind.FunctionPointerType, SyntaxKind.StackAllocArrayCreationExpression,
             SyntaxKind.ImplicitStackAllocArrayCreationExpression, SyntaxKind.SizeOfExpression, SyntaxKind.MakeRefExpression, SyntaxKind.RefTypeExpression, SyntaxKind.RefValueExpression, SyntaxKind.ArgListExpression]),
        ("a type declaration", "Use tuples, anonymous types and local functions.",
            [SyntaxKind.ClassDeclaration, SyntaxKind.StructDeclaration, SyntaxKind.RecordDeclaration, SyntaxKind.RecordStructDeclaration, SyntaxKind.InterfaceDeclaration,
             SyntaxKind.EnumDeclaration, SyntaxKind.DelegateDeclaration, SyntaxKind.NamespaceDeclaration, SyntaxKind.FileScopedNamespaceDeclaration]),
        ("a property, operator or event", "Use a variable or a local function.",
            [SyntaxKind.PropertyDeclaration, SyntaxKind.EventDeclaration, SyntaxKind.EventFieldDeclaration, SyntaxKind.IndexerDeclaration, SyntaxKind.OperatorDeclaration,
             SyntaxKind.ConversionOperatorDeclaration, SyntaxKind.DestructorDeclaration]),
        ("an attribute", "Nothing reads attributes of a script.", [SyntaxKind.AttributeList]),
        ("await", "Service calls are synchronous: call them and use what they return.", [SyntaxKind.AwaitExpression]),
        ("lock", "A script runs on one thread.", [SyntaxKind.LockStatement]),
        ("typeof", "Name types and members directly; use a pattern to test a value's type.", [SyntaxKind.TypeOfExpression]),
        ("extern alias", "Remove it.", [SyntaxKind.ExternAliasDirective]),
        ("#load", "Put the code into the script itself.", [SyntaxKind.LoadDirectiveTrivia]),
        ("#r", "A script has the types of Platform.Sdk and the allowed part of .NET, nothing else.", [SyntaxKind.ReferenceDirectiveTrivia]),
        ("#line", "Errors name lines of this file.", [SyntaxKind.LineDirectiveTrivia, SyntaxKind.LineSpanDirectiveTrivia]),
        ("#pragma", "Remove it.", [SyntaxKind.PragmaWarningDirectiveTrivia, SyntaxKind.PragmaChecksumDirectiveTrivia]));

    private static readonly Dictionary<SyntaxKind, string> RefusedModifiers = new()
    {
        [SyntaxKind.UnsafeKeyword] = "Arrays and lists do the same safely.",
        [SyntaxKind.AsyncKeyword] = "Service calls are synchronous: call them and use what they return.",
        [SyntaxKind.ExternKeyword] = "Native code is out of reach of a script.",
        [SyntaxKind.VolatileKeyword] = "A script runs on one thread.",
    };

    private readonly List<ScriptError> errors = [];

    public IReadOnlyList<ScriptError> Errors => errors;

    public override void VisitToken(SyntaxToken token)
    {
        if (RefusedModifiers.TryGetValue(token.Kind(), out var hint)) Refuse(token.GetLocation(), $"'{token.Text}' is not allowed in a script.", hint);
        base.VisitToken(token);
    }

    public override void Visit(SyntaxNode? node)
    {
        if (node is null) return;
        if (Refused.TryGetValue(node.Kind(), out var refused)) Refuse(node.GetLocation(), $"{Capital(refused.What)} is not allowed in a script.", refused.Hint);
        if (node is UsingDirectiveSyntax directive) CheckUsing(directive);
        else if (node.Parent is not UsingDirectiveSyntax) CheckBinding(node);
        // The name inside a using directive is a namespace; what it makes visible is checked where it is used.
        if (node is not UsingDirectiveSyntax) base.Visit(node);
    }

    private void CheckUsing(UsingDirectiveSyntax directive)
    {
        if (directive.StaticKeyword.IsKind(SyntaxKind.None) && directive.Alias is null && directive.UnsafeKeyword.IsKind(SyntaxKind.None)) return;
        Refuse(directive.GetLocation(), "Only a plain using of a namespace is allowed in a script.", "Write the type's name where it is used.");
    }

    private void CheckBinding(SyntaxNode node)
    {
        switch (node)
        {
            case IdentifierNameSyntax { Identifier.ValueText: ['_', '_', ..] }:
                Refuse(node.GetLocation(), "Names that start with two underscores are not allowed in a script.", "Choose another name.");
                break;
            case QueryClauseSyntax clause:
                var query = model.GetQueryClauseInfo(clause);
                CheckSymbol(node, query.CastInfo.Symbol);
                CheckSymbol(node, query.OperationInfo.Symbol);
                CheckExpression(node);
                break;
            case CommonForEachStatementSyntax loop:
                var each = model.GetForEachStatementInfo(loop);
                if (each.IsAsynchronous) Refuse(node.GetLocation(), "await is not allowed in a script.", "Service calls are synchronous.");
                CheckSymbol(node, each.GetEnumeratorMethod);
                CheckType(node, each.ElementType);
                break;
            case VariableDeclaratorSyntax or ParameterSyntax or LocalFunctionStatementSyntax or MethodDeclarationSyntax or SingleVariableDesignationSyntax:
                CheckType(node, DeclaredType(model.GetDeclaredSymbol(node)));
                break;
            case ExpressionSyntax or ConstructorInitializerSyntax or SelectOrGroupClauseSyntax or OrderingSyntax:
                CheckExpression(node);
                break;
        }
    }

    private static ITypeSymbol? DeclaredType(ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IFieldSymbol field => field.Type,
        IParameterSymbol parameter => parameter.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };

    private void CheckExpression(SyntaxNode node)
    {
        var bound = model.GetSymbolInfo(node);
        CheckSymbol(node, bound.Symbol);
        foreach (var candidate in bound.CandidateSymbols) CheckSymbol(node, candidate);
        var type = model.GetTypeInfo(node);
        CheckType(node, type.Type);
        CheckType(node, type.ConvertedType);
        var conversion = model.GetConversion(node);
        if (conversion.IsUserDefined) CheckSymbol(node, conversion.MethodSymbol);
    }

    private void CheckSymbol(SyntaxNode node, ISymbol? symbol)
    {
        switch (symbol)
        {
            case null or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ILabelSymbol or IDiscardSymbol or INamespaceSymbol or ITypeParameterSymbol or IPreprocessingSymbol:
            case IMethodSymbol { MethodKind: MethodKind.BuiltinOperator }:
                return;
            case ITypeSymbol type:
                CheckType(node, type);
                return;
        }
        if (IsOwn(symbol)) return;
        var owner = symbol.ContainingType;
        if (owner is null || owner.IsAnonymousType || owner.IsTupleType || owner.TypeKind == TypeKind.Array && symbol is not IMethodSymbol) return;
        if (owner.TypeKind == TypeKind.Enum && symbol is IFieldSymbol)
        {
            CheckType(node, owner);
            return;
        }
        var definition = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension.OriginalDefinition : symbol.OriginalDefinition;
        var ownerName = FullName(definition.ContainingType);
        if (!AllowedApi.AllowsMember(ownerName, definition.MetadataName, inImage: false)) RefuseMember(node, ownerName, definition.Name);
        if (symbol is IMethodSymbol method) CheckSignature(node, method);
    }

    private void CheckSignature(SyntaxNode node, IMethodSymbol method)
    {
        foreach (var argument in method.TypeArguments) CheckType(node, argument);
        if (!method.ReturnsVoid) CheckType(node, method.ReturnType);
        // A regular expression without the worker's time limit could spin until the run is killed.
        if (FullName(method.ContainingType) == "System.Text.RegularExpressions.Regex" && method.Parameters.Any(parameter => FullName(parameter.Type) == "System.TimeSpan"))
            Refuse(node.GetLocation(), "A regular expression with a time limit of its own is not allowed in a script.", "Leave the time limit out: every match may take 250 ms.");
    }

    private void CheckType(SyntaxNode node, ITypeSymbol? type)
    {
        switch (type)
        {
            case null or IErrorTypeSymbol or ITypeParameterSymbol:
                return;
            case IDynamicTypeSymbol:
                Refuse(node.GetLocation(), "dynamic is not allowed in a script.", "Use Get<T> with the type of the attribute.");
                return;
            case IPointerTypeSymbol or IFunctionPointerTypeSymbol:
                Refuse(node.GetLocation(), "Unsafe code is not allowed in a script.", "Arrays and lists do the same safely.");
                return;
            case IArrayTypeSymbol array:
                CheckType(node, array.ElementType);
                return;
            case INamedTypeSymbol named:
                foreach (var argument in named.TypeArguments) CheckType(node, argument);
                if (named.IsAnonymousType || named.IsTupleType || IsOwn(named)) return;
                var name = FullName(named);
                if (!AllowedApi.AllowsType(name, inImage: false)) RefuseType(node, name, named);
                return;
        }
    }

    private bool IsOwn(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, script);

    private static string FullName(ITypeSymbol? type)
    {
        if (type is null) return "";
        type = type.OriginalDefinition;
        var name = type.MetadataName;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType) name = $"{outer.MetadataName}/{name}";
        var space = type.ContainingNamespace;
        return space is null || space.IsGlobalNamespace ? name : $"{space.ToDisplayString()}.{name}";
    }

    private void RefuseType(SyntaxNode node, string fullName, INamedTypeSymbol type) =>
        Refuse(node.GetLocation(), $"'{type.ToDisplayString()}' is not allowed in a script.", ApiHints.For(fullName));

    private void RefuseMember(SyntaxNode node, string owner, string member) =>
        Refuse(node.GetLocation(), $"'{owner.Replace('/', '.')}.{member}' is not allowed in a script.", ApiHints.For($"{owner}.{member}"));

    private void Refuse(Location location, string message, string hint)
    {
        var start = location.GetLineSpan().StartLinePosition;
        // One expression binds to a type, a member and its result: the first finding on a spot is enough for its author.
        if (errors.Any(error => error.Line == start.Line + 1 && (error.Column == start.Character + 1 || error.Hint == hint))) return;
        errors.Add(new ScriptError(file, start.Line + 1, start.Character + 1, message, hint));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static Dictionary<SyntaxKind, (string, string)> Table(params (string What, string Hint, SyntaxKind[] Kinds)[] rows) =>
        rows.SelectMany(row => row.Kinds.Select(kind => (kind, row.What, row.Hint))).ToDictionary(row => row.kind, row => (row.What, row.Hint));
}
