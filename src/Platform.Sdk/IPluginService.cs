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
}
