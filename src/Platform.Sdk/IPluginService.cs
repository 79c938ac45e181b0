namespace Platform.Sdk;

/// <summary>Records as a script reads and writes them: every call is a message through the same pipeline, in the transaction of the message that runs the step.</summary>
public interface IPluginService
{
    /// <summary>Creates a row and returns its id.</summary>
    Guid Create(EntityRecord record);

    /// <summary>Changes the attributes that <paramref name="record"/> holds.</summary>
    void Update(EntityRecord record);

    /// <summary>Deletes a row.</summary>
    void Delete(EntityReference reference);

    /// <summary>Reads a row. Without <paramref name="attributes"/> all attributes that the run-as user may read.</summary>
    EntityRecord Retrieve(EntityReference? reference, params string[] attributes);

    /// <summary>Reads rows. <paramref name="query"/> is an OData query string (<c>?$select=…&amp;$filter=…&amp;$top=…</c>); at most 5,000 rows.</summary>
    IReadOnlyList<EntityRecord> RetrieveMultiple(string logicalName, string query);

    /// <summary>Ties rows to a row; what is tied already stays so. <paramref name="relationship"/> is a navigation property of the target, or the schema name of the relationship (1:N, N:1 or N:N).</summary>
    void Associate(EntityReference target, string relationship, params EntityReference[] related);

    /// <summary>Unties rows from a row; what is not tied stays so. Without <paramref name="related"/> a lookup of the target is emptied whatever it points to.</summary>
    void Disassociate(EntityReference target, string relationship, params EntityReference[] related);

    /// <summary>Sends a message by name: a custom API of this or another pack, or <c>Assign</c>, <c>SetState</c>, <c>Merge</c>, <c>GrantAccess</c>, <c>ModifyAccess</c>, <c>RevokeAccess</c>, with parameters in Dataverse's names. Returns the response properties; none for Dataverse's messages.</summary>
    PluginParameters Execute(string message, PluginParameters? input = null);
}
