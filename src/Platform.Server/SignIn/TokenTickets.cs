using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Platform.Server.SignIn;

/// <summary>What a token may be used for.</summary>
internal enum TokenKind : byte
{
    Access = 1,
    Refresh = 2,
}

/// <summary>What a token says.</summary>
/// <param name="Stamp">Security stamp of the user when the token was issued: a changed password makes refresh tokens worthless.</param>
internal sealed record TokenTicket(TokenKind Kind, Guid UserId, string Stamp, DateTimeOffset Expires);

/// <summary>
/// Makes and reads tokens. A token is a ticket encrypted and signed with the key ring of the database: every node that
/// shares the database reads it, nobody else can make one.
/// </summary>
internal sealed class TokenTickets(IDataProtectionProvider protection, TimeProvider time)
{
    private const byte Format = 1;

    private readonly IDataProtector protector = protection.CreateProtector("Platform.Token.v1");

    public string Protect(TokenTicket ticket)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write((byte)ticket.Kind);
            writer.Write(ticket.UserId.ToByteArray());
            writer.Write(ticket.Expires.UtcTicks);
            writer.Write(ticket.Stamp);
        }

        return Base64Url.EncodeToString(protector.Protect(buffer.ToArray()));
    }

    /// <summary>The ticket of a token that is genuine, of this kind and not over; <c>null</c> for any other text.</summary>
    public TokenTicket? Read(string token, TokenKind kind)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(protector.Unprotect(Base64Url.DecodeFromChars(token))), Encoding.UTF8);
            if (reader.ReadByte() != Format) return null;
            var ticket = new TokenTicket(
                (TokenKind)reader.ReadByte(),
                new Guid(reader.ReadBytes(16)),
                Expires: new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                Stamp: reader.ReadString());
            return ticket.Kind == kind && ticket.Expires > time.GetUtcNow() ? ticket : null;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
