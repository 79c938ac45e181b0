using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Platform.Engine;
using Platform.Engine.Catalog;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;
using Platform.Server.SignIn;

namespace Platform.Server.Start;

/// <summary>
/// The rows without which nobody could sign in: root business unit, roles, and the user <c>admin</c>. Each step looks
/// first, so that a start that was interrupted is finished by the next one; the credential comes last.
/// </summary>
internal sealed class FirstAdministrator(
    PlatformEngine engine,
    UserManager<UserCredential> users,
    IPasswordHasher<UserCredential> hasher,
    ILogger<FirstAdministrator> logger)
{
    public const string UserName = "admin";

    // Fixed, so that a repeated start finds what an interrupted one has written.
    private static readonly Guid RootUnit = new("0197a000-0000-7000-8000-000000000001");
    private static readonly Guid Administrator = new("0197a000-0000-7000-8000-000000000002");

    /// <summary>The caller on whose behalf the server writes: the first administrator with the role that may do everything.</summary>
    public Caller Caller => new(Administrator, RootUnit, [], [AdministratorRole.Id]);

    private RoleDefinition AdministratorRole =>
        engine.Metadata.AdministratorRole
        ?? throw new InvalidOperationException("The core pack has no role 'system-administrator'.");

    /// <summary>Writes what is missing.</summary>
    /// <returns>The password that was made up; <c>null</c> when there was nothing to make up.</returns>
    public async Task<string?> EnsureAsync(string? password, CancellationToken ct)
    {
        await EnsureRowAsync(new EntityRecord("businessunit", RootUnit) { ["name"] = "Organization" }, ct);
        await EnsureRowAsync(
            new EntityRecord("systemuser", Administrator)
            {
                ["fullname"] = "Administrator",
                ["lastname"] = "Administrator",
                ["domainname"] = UserName,
                ["businessunitid"] = new EntityReference("businessunit", RootUnit),
            },
            ct);
        foreach (var role in engine.Metadata.Roles)
        {
            await EnsureRowAsync(
                new EntityRecord("role", role.Id)
                {
                    ["name"] = role.Title.English,
                    ["businessunitid"] = new EntityReference("businessunit", RootUnit),
                },
                ct);
        }

        if (await users.FindByIdAsync(Administrator.ToString("D")) is not null) return null;
        await EnsureRowAsync(
            new EntityRecord("systemuserroles", AdministratorRole.Id)
            {
                ["systemuserid"] = new EntityReference("systemuser", Administrator),
                ["roleid"] = new EntityReference("role", AdministratorRole.Id),
            },
            ct);

        var invented = password is null ? RandomPassword() : null;
        if (password?.Length < SignInSettings.ShortestPassword) logger.ShortPassword(SignInSettings.ShortestPassword);
        var credential = CredentialStore.New(Administrator, UserName);
        credential.PasswordHash = hasher.HashPassword(credential, password ?? invented!);
        var created = await users.CreateAsync(credential);
        if (!created.Succeeded) throw new InvalidOperationException(string.Join(' ', created.Errors.Select(error => error.Description)));
        return invented;
    }

    /// <summary>20 characters that are not taken for one another: 116 bits.</summary>
    private static string RandomPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);

    private async Task EnsureRowAsync(EntityRecord row, CancellationToken ct)
    {
        try
        {
            await engine.ExecuteAsync(new Retrieve(row.ToReference(), [SystemAttributes.VersionNumber], new RecordList()), Caller, ct);
        }
        catch (PlatformException missing) when (missing.Kind == ErrorKind.NotFound)
        {
            await engine.ExecuteAsync(new Create(row), Caller, ct);
        }
    }
}
