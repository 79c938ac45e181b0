using System.Collections.Immutable;
using System.Data.Common;
using Npgsql;
using Platform.Engine.Records;

namespace Platform.Engine.Sql.PostgreSql;

/// <summary>A connection, inside a transaction when it writes. Statements are prepared by the driver on their second use.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection, NpgsqlTransaction? transaction, SqlDialect dialect) : SqlSession
{
    private bool isAnnounced;

    public override DbConnection Connection => connection;

    public override DbTransaction? Transaction => transaction;

    public override SqlDialect Dialect => dialect;

    public override bool Writes => transaction is not null;

    public override async ValueTask<int> ExecuteAsync(SqlStatement statement, CancellationToken ct)
    {
        await using var command = Command(statement.Text, statement.Arguments);
        try
        {
            return await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException error) when (IsConstraint(error))
        {
            throw Constraint(error);
        }
    }

    public override async ValueTask QueryAsync(SqlStatement statement, IRowReceiver rows, CancellationToken ct)
    {
        await using var command = Command(statement.Text, statement.Arguments);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var cursor = new PostgreSqlRowCursor(reader);
        while (await reader.ReadAsync(ct))
        {
            if (!await rows.ReceiveAsync(cursor, ct)) break;
        }
    }

    public override async ValueTask ExecuteScriptAsync(string script, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(script, connection, transaction) { CommandTimeout = 0 };
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation || IsTooLong(error))
        {
            throw Constraint(error);
        }
    }

    public override async ValueTask NotifyAsync(string channel, CancellationToken ct) =>
        await ExecuteAsync(new SqlStatement("SELECT pg_notify($1, '')", channel), ct);

    public override async ValueTask<long> NextVersionAsync(CancellationToken ct)
    {
        // The first one of a transaction in one round trip with the announcement that goes before it.
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (!isAnnounced) batch.BatchCommands.Add(new NpgsqlBatchCommand(RunningVersions.Announce));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(RunningVersions.Next));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (!isAnnounced) await reader.NextResultAsync(ct);
        isAnnounced = true;
        await reader.ReadAsync(ct);
        return reader.GetInt64(0);
    }

    public override Task<StatementPlan> ExplainAsync(SqlStatement statement, CancellationToken ct) => PostgreSqlPlan.OfAsync(this, statement, ct);

    // In this order: a transaction that announces itself behind the first read gets versions above what that read.
    public override async ValueTask<long> SettledVersionAsync(CancellationToken ct)
    {
        var last = await LastVersionAsync(ct);
        var running = new OneNumber();
        await QueryAsync(new SqlStatement(RunningVersions.Lowest), running, ct);
        return running.IsEmpty ? last : Math.Min(last, running.Value);
    }

    public override async ValueTask<long> LastVersionAsync(CancellationToken ct)
    {
        var last = new OneNumber();
        await QueryAsync(new SqlStatement(RunningVersions.Last), last, ct);
        return last.Value;
    }

    private NpgsqlCommand Command(string text, ImmutableArray<object?> arguments)
    {
        var command = new NpgsqlCommand(text, connection, transaction);
        foreach (var argument in arguments)
            command.Parameters.Add(new NpgsqlParameter { Value = argument ?? DBNull.Value });
        return command;
    }

    private static bool IsConstraint(PostgresException error) => error.SqlState.StartsWith("23", StringComparison.Ordinal) || IsTooLong(error);

    // "index row size 3016 exceeds btree version 4 maximum 2704", "index row requires 9040 bytes, maximum size is 8191"
    private static bool IsTooLong(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.ProgramLimitExceeded && error.MessageText.Contains("index row", StringComparison.Ordinal);

    private static ConstraintException Constraint(PostgresException error)
    {
        var kind = error.SqlState switch
        {
            PostgresErrorCodes.UniqueViolation when error.ConstraintName?.EndsWith("_pkey", StringComparison.Ordinal) == true => ConstraintKind.PrimaryKey,
            PostgresErrorCodes.UniqueViolation => ConstraintKind.Unique,
            PostgresErrorCodes.ForeignKeyViolation => ConstraintKind.ForeignKey,
            PostgresErrorCodes.ProgramLimitExceeded => ConstraintKind.TooLong,
            _ => ConstraintKind.Other,
        };
        return new ConstraintException(kind, error.ConstraintName ?? "", [], error);
    }
}
