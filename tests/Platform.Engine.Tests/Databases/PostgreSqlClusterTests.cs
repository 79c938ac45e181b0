using Npgsql;

namespace Platform.Engine.Tests.Databases;

public sealed class PostgreSqlClusterTests
{
    [Fact]
    public async Task Two_databases_of_one_run_know_nothing_of_each_other()
    {
        var cluster = await PostgreSqlCluster.SharedAsync();
        await using var one = await cluster.CreateDatabaseAsync();
        await using var other = await cluster.CreateDatabaseAsync();

        Assert.Equal(1L, await ScalarAsync(one, "CREATE TABLE t(a int); INSERT INTO t VALUES(1); SELECT count(*) FROM t"));
        Assert.Equal(0L, await ScalarAsync(other, "SELECT count(*) FROM pg_tables WHERE tablename = 't'"));
    }

    private static async Task<object?> ScalarAsync(PostgreSqlServerDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
