using Microsoft.AspNetCore.Identity;
using Platform.Engine;
using Platform.Engine.Catalog;
using Platform.Engine.Security;

namespace Platform.Server.SignIn;

/// <summary>Whether a name and a password belong together; failures count towards the lock.</summary>
internal sealed class PasswordCheck(
    UserManager<UserCredential> users,
    SignInManager<UserCredential> signIn,
    IPasswordHasher<UserCredential> hasher,
    CallerDirectory callers,
    ILogger<PasswordCheck> logger)
{
    private const int LongestName = 256;

    private static readonly UserCredential Nobody = CredentialStore.New(Guid.Empty, "");

    private static string? nobodysHash;

    /// <summary>The user; <c>null</c> when the name is unknown, the password wrong, or the account locked or disabled: a caller is not told which.</summary>
    public async Task<UserCredential?> CheckAsync(string name, string password)
    {
        // A name with half a surrogate pair in it is nobody's; Identity would stumble over it.
        if (!IsName(name) || await users.FindByNameAsync(name) is not { } user)
        {
            TakeTheTime(password);
            logger.SignInRefused(name, "unknown name");
            return null;
        }

        if (await users.IsLockedOutAsync(user)) TakeTheTime(password);
        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.Succeeded && await IsEnabledAsync(user)) return user;
        logger.SignInRefused(name, result.Succeeded ? "disabled" : result.IsLockedOut ? "locked" : "wrong password");
        return null;
    }

    /// <summary>The user is there and not disabled.</summary>
    public async Task<bool> IsEnabledAsync(UserCredential user)
    {
        try
        {
            await callers.ForUserAsync(user.UserId, CancellationToken.None);
            return true;
        }
        catch (PlatformException unknown) when (unknown.Kind == ErrorKind.Forbidden)
        {
            return false;
        }
    }

    // As slow as a known name with a wrong password: the time must not tell which names exist.
    private void TakeTheTime(string password)
    {
        nobodysHash ??= hasher.HashPassword(Nobody, "nobody");
        hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
    }

    private static bool IsName(string name)
    {
        try
        {
            return name.Length <= LongestName && !name.Any(char.IsControl) && name.Normalize() is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
