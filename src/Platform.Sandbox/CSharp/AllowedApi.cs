using System.Collections.Frozen;

namespace Platform.Sandbox.CSharp;

/// <summary>
/// What a C# script may name, type by type: whatever is not listed is refused. A namespace is never allowed as a whole
/// (System.Linq also holds Queryable and ParallelEnumerable).
/// </summary>
internal static class AllowedApi
{
    private const string All = "*";

    /// <summary>Members by type; <c>*</c> is every public member, <c>!name</c> takes one out, an empty text allows the type but no member.</summary>
    private static readonly FrozenDictionary<string, Members> Types = Table(new()
    {
        // The words of a plugin author.
        ["Platform.Sdk.PluginContext"] = All,
        ["Platform.Sdk.EntityRecord"] = All,
        ["Platform.Sdk.EntityReference"] = All,
        ["Platform.Sdk.ChoiceValues"] = All,
        ["Platform.Sdk.GeoPoint"] = All,
        ["Platform.Sdk.PluginParameters"] = All,
        ["Platform.Sdk.IPluginService"] = All,
        ["Platform.Sdk.PluginStage"] = All,
        ["Platform.Sdk.PluginParent"] = "Message Entity Id Depth SharedVariables Parent",
        ["Platform.Sdk.PluginRejectedException"] = "Message Code",
        ["Platform.Sdk.Hosting.ServiceCallException"] = "Message Code",
        ["Platform.Sandbox.CSharp.ScriptGlobals"] = "Context",

        // Values.
        ["System.Object"] = "Equals ToString ReferenceEquals GetHashCode .ctor",
        ["System.String"] = "* !Intern !IsInterned !GetPinnableReference !AsSpan !Create",
        ["System.Boolean"] = All, ["System.Char"] = All, ["System.Byte"] = All, ["System.SByte"] = All,
        ["System.Int16"] = All, ["System.UInt16"] = All, ["System.Int32"] = All, ["System.UInt32"] = All,
        ["System.Int64"] = All, ["System.UInt64"] = All, ["System.Single"] = All, ["System.Double"] = All, ["System.Decimal"] = All,
        ["System.DateTime"] = "* !Now !UtcNow !Today", ["System.DateTimeOffset"] = "* !Now !UtcNow",
        ["System.DateOnly"] = All, ["System.TimeOnly"] = All, ["System.TimeSpan"] = All,
        ["System.DayOfWeek"] = All, ["System.DateTimeKind"] = All,
        ["System.Guid"] = All, ["System.Math"] = All, ["System.MidpointRounding"] = All,
        ["System.Convert"] = "* !ChangeType",
        ["System.Random"] = ".ctor Next NextInt64 NextDouble",
        ["System.Nullable`1"] = All, ["System.Nullable"] = "", ["System.ValueType"] = "", ["System.Void"] = "",
        ["System.Enum"] = "ToString HasFlag",
        ["System.Index"] = All, ["System.Range"] = All,
        ["System.Array"] = "Length Empty IndexOf Sort Reverse",
        ["System.StringComparison"] = All, ["System.StringSplitOptions"] = All,
        ["System.StringComparer"] = "Ordinal OrdinalIgnoreCase InvariantCulture InvariantCultureIgnoreCase",
        ["System.IDisposable"] = "Dispose", ["System.IFormatProvider"] = "",
        ["System.IComparable"] = "CompareTo", ["System.IComparable`1"] = "CompareTo", ["System.IEquatable`1"] = "Equals", ["System.IFormattable"] = "ToString",
        ["System.Delegate"] = "", ["System.MulticastDelegate"] = "", ["System.Action"] = "Invoke",

        // Errors.
        ["System.Exception"] = ".ctor Message InnerException",
        ["System.InvalidOperationException"] = ".ctor Message", ["System.ArgumentException"] = ".ctor Message",
        ["System.ArgumentNullException"] = ".ctor Message", ["System.ArgumentOutOfRangeException"] = ".ctor Message",
        ["System.FormatException"] = ".ctor Message", ["System.OverflowException"] = ".ctor Message", ["System.InvalidCastException"] = ".ctor Message",
        ["System.DivideByZeroException"] = "Message", ["System.NullReferenceException"] = "Message", ["System.IndexOutOfRangeException"] = "Message",
        ["System.NotSupportedException"] = ".ctor Message",
        ["System.Collections.Generic.KeyNotFoundException"] = ".ctor Message",

        // Text.
        ["System.Text.StringBuilder"] = "* !GetChunks",
        ["System.Text.RegularExpressions.Regex"] = ".ctor IsMatch Match Matches Replace Split Escape",
        ["System.Text.RegularExpressions.RegexOptions"] = All, ["System.Text.RegularExpressions.Match"] = All,
        ["System.Text.RegularExpressions.Group"] = All, ["System.Text.RegularExpressions.Capture"] = All,
        ["System.Text.RegularExpressions.MatchCollection"] = All, ["System.Text.RegularExpressions.GroupCollection"] = All,
        ["System.Text.RegularExpressions.CaptureCollection"] = All, ["System.Text.RegularExpressions.MatchEvaluator"] = "Invoke .ctor",
        ["System.Globalization.CultureInfo"] = "InvariantCulture GetCultureInfo",
        ["System.Globalization.NumberStyles"] = All, ["System.Globalization.DateTimeStyles"] = All,
        ["System.Runtime.CompilerServices.DefaultInterpolatedStringHandler"] = All,

        // Sequences.
        ["System.Linq.Enumerable"] = All, ["System.Linq.IGrouping`2"] = All, ["System.Linq.IOrderedEnumerable`1"] = All, ["System.Linq.ILookup`2"] = All,
        ["System.Collections.IEnumerable"] = "GetEnumerator", ["System.Collections.IEnumerator"] = All,
        ["System.ReadOnlySpan`1"] = ".ctor op_Implicit",
    });

    /// <summary>What the compiler itself writes into an image, and a source may not name.</summary>
    private static readonly FrozenDictionary<string, Members> CompilerOnly = Table(new()
    {
        ["System.Object"] = "GetType", ["System.Attribute"] = All, ["System.Type"] = "",
        ["System.Threading.Tasks.Task"] = "", ["System.Threading.Tasks.Task`1"] = "",
        ["System.Runtime.CompilerServices.IAsyncStateMachine"] = All, ["System.Runtime.CompilerServices.AsyncTaskMethodBuilder`1"] = All,
        ["System.Runtime.CompilerServices.AsyncStateMachineAttribute"] = All, ["System.Runtime.CompilerServices.IteratorStateMachineAttribute"] = All,
        ["System.Runtime.CompilerServices.CompilerGeneratedAttribute"] = All, ["System.Runtime.CompilerServices.CompilationRelaxationsAttribute"] = All,
        ["System.Runtime.CompilerServices.RuntimeCompatibilityAttribute"] = All, ["System.Runtime.CompilerServices.RefSafetyRulesAttribute"] = All,
        ["System.Runtime.CompilerServices.NullableAttribute"] = All, ["System.Runtime.CompilerServices.NullableContextAttribute"] = All,
        ["System.Runtime.CompilerServices.TupleElementNamesAttribute"] = All, ["System.Runtime.CompilerServices.IsReadOnlyAttribute"] = All,
        ["System.Runtime.CompilerServices.IsUnmanagedAttribute"] = All, ["System.Runtime.CompilerServices.InlineArrayAttribute"] = All,
        ["System.Runtime.CompilerServices.UnverifiableCodeAttribute"] = All, ["System.Runtime.CompilerServices.SwitchExpressionException"] = ".ctor",
        ["System.Runtime.CompilerServices.RuntimeHelpers"] = "InitializeArray GetSubArray",
        ["System.Diagnostics.DebuggableAttribute"] = All, ["System.Diagnostics.DebuggableAttribute/DebuggingModes"] = All,
        ["System.Diagnostics.DebuggerBrowsableAttribute"] = All, ["System.Diagnostics.DebuggerBrowsableState"] = All,
        ["System.Diagnostics.DebuggerHiddenAttribute"] = All, ["System.Diagnostics.DebuggerStepThroughAttribute"] = All, ["System.Diagnostics.DebuggerDisplayAttribute"] = All,
        ["System.ParamArrayAttribute"] = All, ["System.RuntimeFieldHandle"] = "", ["System.MemoryExtensions"] = "AsSpan SequenceEqual",
        ["System.Environment"] = "CurrentManagedThreadId", ["System.NotSupportedException"] = ".ctor", ["System.IndexOutOfRangeException"] = ".ctor",
        ["System.Collections.Generic.EqualityComparer`1"] = All,
    });

    private static readonly FrozenSet<string> Collections = new[]
    {
        "List`1", "Dictionary`2", "HashSet`1", "Queue`1", "Stack`1", "SortedDictionary`2", "SortedSet`1", "KeyValuePair`2", "KeyValuePair",
        "IEnumerable`1", "IEnumerator`1", "ICollection`1", "IList`1", "IDictionary`2", "ISet`1", "IReadOnlyList`1", "IReadOnlyCollection`1",
        "IReadOnlyDictionary`2", "IReadOnlySet`1", "IComparer`1", "IEqualityComparer`1", "EqualityComparer`1", "Comparer`1", "CollectionExtensions",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> CollectionMembersDenied =
        new[] { "GetAlternateLookup", "TryGetAlternateLookup", "GetObjectData", "OnDeserialization", "GetType" }.ToFrozenSet();

    private static readonly string[] Delegates = ["System.Func`", "System.Action`", "System.Predicate`", "System.Comparison`", "System.Converter`"];

    /// <param name="type">Full metadata name (<c>System.Collections.Generic.List`1</c>, nested types after a slash).</param>
    /// <param name="inImage">Checks an emitted reference rather than a name in the source.</param>
    public static bool AllowsType(string type, bool inImage) =>
        Types.ContainsKey(type) || inImage && CompilerOnly.ContainsKey(type) || IsDelegate(type) || IsTuple(type) || IsCollection(type);

    /// <param name="member">Metadata name (<c>get_Length</c>).</param>
    public static bool AllowsMember(string type, string member, bool inImage)
    {
        var name = Plain(member);
        // An indexer is the type's own element access; GetType opens reflection.
        if (name == "GetType" && !inImage) return false;
        if (Types.TryGetValue(type, out var listed) && (listed.Allows(name) || listed.AllowsAny && (name is "Item" or "Chars" || name.StartsWith("op_", StringComparison.Ordinal)))) return true;
        if (inImage && CompilerOnly.TryGetValue(type, out var emitted) && emitted.Allows(name)) return true;
        if (IsDelegate(type)) return name == "Invoke" || inImage && name == ".ctor";
        if (IsTuple(type)) return name != "GetType";
        return IsCollection(type) && !CollectionMembersDenied.Contains(name);
    }

    private static bool IsDelegate(string type) => Delegates.Any(start => type.StartsWith(start, StringComparison.Ordinal));

    private static bool IsTuple(string type) => type is "System.ValueTuple" || type.StartsWith("System.ValueTuple`", StringComparison.Ordinal);

    private static bool IsCollection(string type)
    {
        const string Namespace = "System.Collections.Generic.";
        if (!type.StartsWith(Namespace, StringComparison.Ordinal)) return false;
        // Enumerators and views of a collection (List`1/Enumerator) come with it.
        var name = type[Namespace.Length..];
        var nested = name.IndexOf('/', StringComparison.Ordinal);
        return Collections.Contains(nested < 0 ? name : name[..nested]);
    }

    private static string Plain(string member) =>
        member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) ? member[4..] : member;

    private static FrozenDictionary<string, Members> Table(Dictionary<string, string> table) =>
        table.ToFrozenDictionary(pair => pair.Key, pair => new Members(pair.Value), StringComparer.Ordinal);

    private sealed class Members(string list)
    {
        private readonly FrozenSet<string> names = list.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

        public bool AllowsAny => names.Count > 0;

        public bool Allows(string name) => names.Contains(name) || names.Contains(All) && !names.Contains("!" + name);
    }
}
