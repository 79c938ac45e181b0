using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs.Versions;

/// <summary>The tables of a deployed version, made from their texts when somebody asks for them: a start that finds nothing new never does.</summary>
internal sealed class DeployedSchema
{
    private readonly Func<SchemaModel, SchemaModel>? read;
    private readonly Lazy<SchemaModel> model;

    /// <summary>Tables that are in memory already.</summary>
    public DeployedSchema(SchemaModel model) => this.model = new Lazy<SchemaModel>(model);

    /// <param name="read">Makes the tables; takes those of a schema in memory where they are the same.</param>
    /// <param name="known">Such a schema.</param>
    public DeployedSchema(Func<SchemaModel, SchemaModel> read, SchemaModel known)
    {
        this.read = read;
        model = new Lazy<SchemaModel>(() => read(known));
    }

    public SchemaModel Model => model.Value;

    /// <summary>The same tables, taken from a schema that was compiled meanwhile where they are not made yet.</summary>
    public DeployedSchema From(SchemaModel compiled) => read is null || model.IsValueCreated ? this : new(read, compiled);
}
