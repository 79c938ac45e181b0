using Microsoft.AspNetCore.Identity;
using Platform.Engine.Catalog;

namespace Platform.Server.SignIn;

/// <summary>Whether a name and a password belong together; failures count towards the lock.</summary>
internal sealed class PasswordCheck(
    UserManager<UserCredential> users,
    SignInManager<UserCredential> signIn,
    IPasswordHasher<UserCredential> hasher,
    ILogger<PasswordCheck> logger)
{
    private static readonly UserCredential Nobody = CredentialStore.New(Guid.Empty, "");

    private static string? nobodysHash;

    /// <summary>The user; <c>null</c> when the name is unknown, the password wrong or the account locked: a caller is not told which.</summary>
    public async Task<UserCredential?> CheckAsync(string name, string password)
    {
        if (await users.FindByNameAsync(name) is not { } user)
        {
            // As slow as a known name: the time must not tell which names exist.
            nobodysHash ??= hasher.HashPassword(Nobody, "nobody");
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            logger.SignInRefused(name, "unknown name");
            return null;
        }

        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.Succeeded) return user;
        logger.SignInRefused(name, result.IsLockedOut ? "locked" : "wrong password");
        return null;
    }
}
