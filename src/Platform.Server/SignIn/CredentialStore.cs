using System.Linq.Expressions;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;

namespace Platform.Server.SignIn;

/// <summary>Credentials in the catalog, as ASP.NET Core Identity wants to see them. Who a user is stands in <c>systemuser</c>; here is only how to sign in.</summary>
internal sealed class CredentialStore(CatalogDatabase catalog)
    : IUserPasswordStore<UserCredential>, IUserSecurityStampStore<UserCredential>, IUserLockoutStore<UserCredential>
{
    public Task<IdentityResult> CreateAsync(UserCredential user, CancellationToken cancellationToken) =>
        WriteAsync(credentials => credentials.Add(user), cancellationToken);

    public Task<IdentityResult> UpdateAsync(UserCredential user, CancellationToken cancellationToken) =>
        WriteAsync(
            credentials =>
            {
                // The old stamp is what the row must still have, the new one is what makes a later write on the old one fail.
                credentials.Attach(user).State = EntityState.Modified;
                user.ConcurrencyStamp = NewStamp();
            },
            cancellationToken);

    public Task<IdentityResult> DeleteAsync(UserCredential user, CancellationToken cancellationToken) =>
        WriteAsync(credentials => credentials.Remove(user), cancellationToken);

    public Task<UserCredential?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id)
            ? FindAsync(credential => credential.UserId == id, cancellationToken)
            : Task.FromResult<UserCredential?>(null);

    public Task<UserCredential?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindAsync(credential => credential.NormalizedUserName == normalizedUserName, cancellationToken);

    public Task<string> GetUserIdAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult(user.UserId.ToString("D"));

    public Task<string?> GetUserNameAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserName);

    public Task SetUserNameAsync(UserCredential user, string? userName, CancellationToken cancellationToken)
    {
        user.UserName = userName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetNormalizedUserNameAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedUserName);

    public Task SetNormalizedUserNameAsync(UserCredential user, string? normalizedName, CancellationToken cancellationToken)
    {
        user.NormalizedUserName = normalizedName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult(!string.IsNullOrEmpty(user.PasswordHash));

    public Task SetPasswordHashAsync(UserCredential user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(UserCredential user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(UserCredential user, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(user.LockoutEnd is { } end ? new DateTimeOffset(end, TimeSpan.Zero) : null);

    public Task SetLockoutEndDateAsync(UserCredential user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockoutEnd = lockoutEnd?.UtcDateTime;
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult(++user.AccessFailedCount);

    public Task ResetAccessFailedCountAsync(UserCredential user, CancellationToken cancellationToken)
    {
        user.AccessFailedCount = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(UserCredential user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnabled);

    public Task SetLockoutEnabledAsync(UserCredential user, bool enabled, CancellationToken cancellationToken)
    {
        user.LockoutEnabled = enabled;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // Sessions live for one call each.
    }

    /// <summary>A user who cannot sign in yet; the user manager fills in the rest.</summary>
    public static UserCredential New(Guid userId, string userName) => new()
    {
        UserId = userId, UserName = userName, NormalizedUserName = userName, SecurityStamp = NewStamp(), ConcurrencyStamp = NewStamp(), LockoutEnabled = true,
    };

    /// <summary>A stamp that nobody can guess and that never repeats.</summary>
    private static string NewStamp() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private Task<UserCredential?> FindAsync(Expression<Func<UserCredential, bool>> which, CancellationToken ct) =>
        catalog.ReadAsync((context, token) => context.Credentials.AsNoTracking().FirstOrDefaultAsync(which, token), ct);

    private async Task<IdentityResult> WriteAsync(Action<DbSet<UserCredential>> change, CancellationToken ct)
    {
        try
        {
            await catalog.WriteAsync(
                (context, token) =>
                {
                    change(context.Credentials);
                    return context.SaveChangesAsync(token);
                },
                ct);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }
}
