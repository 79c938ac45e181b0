using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Sandbox.CSharp;

/// <summary>
/// Keeps the script's functions out of the inliner: an inlined function has no frame of its own, and an exception in it
/// would have no line. Lines stay as they are.
/// </summary>
internal sealed class FrameKeeper : CSharpSyntaxRewriter
{
    private static readonly AttributeListSyntax NoInlining = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(
        SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::System.Runtime.CompilerServices.MethodImpl"))
            .AddArgumentListArguments(SyntaxFactory.AttributeArgument(
                SyntaxFactory.ParseExpression("global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining")))));

    public static SyntaxTree Rewrite(SyntaxTree tree)
    {
        var root = tree.GetRoot();
        var rewritten = new FrameKeeper().Visit(root);
        return ReferenceEquals(root, rewritten) ? tree : tree.WithRootAndOptions(rewritten, tree.Options);
    }

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        var method = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
        return method.WithoutLeadingTrivia().AddAttributeLists(NoInlining).WithLeadingTrivia(method.GetLeadingTrivia());
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var function = (LocalFunctionStatementSyntax)base.VisitLocalFunctionStatement(node)!;
        return function.WithoutLeadingTrivia().AddAttributeLists(NoInlining).WithLeadingTrivia(function.GetLeadingTrivia());
    }
}
