using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Ledger.Web.Store;

/// <summary>
/// Rows in the binary form of PostgreSQL: as <c>COPY</c> takes them, or, with the type of each column, as <c>record_send</c> gives a row that
/// is kept. A row that is made can so be compared with one that is kept byte for byte.
/// </summary>
internal sealed class BinaryRows
{
    // Of pg_type, the same in every database.
    private const int BoolType = 16;
    private const int LongType = 20;
    private const int IntegerType = 23;
    private const int TextType = 25;
    private const int TextsType = 1009;
    private const int DateType = 1082;
    private const int InstantType = 1184;
    private const int UuidType = 2950;
    private const int JsonType = 3802;

    private static readonly DateOnly FirstDay = new(2000, 1, 1);
    private static readonly byte[] Head = [.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] End = [0xff, 0xff];

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly bool _isTyped;

    private BinaryRows(bool isTyped) => _isTyped = isTyped;

    /// <summary>The rows so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Rows for a <c>COPY</c>.</summary>
    public static BinaryRows ForCopy() => new(isTyped: false);

    /// <summary>A row as <c>record_send</c> gives it.</summary>
    public static BinaryRows AsSent() => new(isTyped: true);

    /// <summary>Begins a row of so many columns, which follow in their order.</summary>
    public BinaryRows Row(int columns)
    {
        if (_isTyped)
            Int32(columns);
        else
            Int16((short)columns);
        return this;
    }

    /// <summary>A column <c>text</c>.</summary>
    public BinaryRows Text(string? value)
    {
        Type(TextType);
        if (value is null)
            Int32(-1);
        else
            Sized(value);
        return this;
    }

    /// <summary>A column <c>text[]</c> without absent elements.</summary>
    public BinaryRows Texts(IReadOnlyList<string> values)
    {
        Type(TextsType);
        var size = values.Count == 0 ? 12 : 20;
        for (var i = 0; i < values.Count; i++)
            size += 4 + Encoding.UTF8.GetByteCount(values[i]);
        Int32(size);

        // An array without elements has no dimension.
        Int32(values.Count == 0 ? 0 : 1);
        Int32(0);
        Int32(TextType);
        if (values.Count == 0)
            return this;

        Int32(values.Count);
        Int32(1);
        for (var i = 0; i < values.Count; i++)
            Sized(values[i]);
        return this;
    }

    /// <summary>A column <c>jsonb</c>, from UTF-8.</summary>
    public BinaryRows Json(byte[]? value)
    {
        Type(JsonType);
        if (value is null)
        {
            Int32(-1);
            return this;
        }

        // Before the text stands the version of this form.
        Int32(value.Length + 1);
        _bytes.Write([(byte)1]);
        _bytes.Write(value);
        return this;
    }

    /// <summary>A column <c>boolean</c>.</summary>
    public BinaryRows Bool(bool value)
    {
        Type(BoolType);
        Int32(1);
        _bytes.Write([value ? (byte)1 : (byte)0]);
        return this;
    }

    /// <summary>A column <c>integer</c>.</summary>
    public BinaryRows Integer(int value)
    {
        Type(IntegerType);
        Int32(4);
        Int32(value);
        return this;
    }

    /// <summary>A column <c>bigint</c>.</summary>
    public BinaryRows Long(long? value)
    {
        Type(LongType);
        if (value is not { } number)
        {
            Int32(-1);
            return this;
        }

        Int32(8);
        Int64(number);
        return this;
    }

    /// <summary>A column <c>uuid</c>.</summary>
    public BinaryRows Uuid(Guid value)
    {
        Type(UuidType);
        Int32(16);
        value.TryWriteBytes(_bytes.GetSpan(16), bigEndian: true, out var written);
        _bytes.Advance(written);
        return this;
    }

    /// <summary>A column <c>date</c>; the first and the last day of the calendar are endless there.</summary>
    public BinaryRows Date(DateOnly? value)
    {
        Type(DateType);
        if (value is not { } day)
        {
            Int32(-1);
            return this;
        }

        Int32(4);
        Int32(day == DateOnly.MinValue ? int.MinValue : day == DateOnly.MaxValue ? int.MaxValue : day.DayNumber - FirstDay.DayNumber);
        return this;
    }

    /// <summary>A column <c>timestamptz</c>; endless where there is no instant.</summary>
    public BinaryRows Instant(DateTimeOffset? value)
    {
        Type(InstantType);
        Int32(8);
        Int64(value is { } at ? (at.UtcTicks - FirstDay.ToDateTime(TimeOnly.MinValue).Ticks) / TimeSpan.TicksPerMicrosecond : long.MaxValue);
        return this;
    }

    /// <summary>Copies the rows into a table.</summary>
    /// <param name="connection">Where; nothing else can be asked there meanwhile.</param>
    /// <param name="target">The table and its columns, in SQL.</param>
    public async Task CopyInto(NpgsqlConnection connection, string target)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {target} from stdin (format binary)", CancellationToken.None);
        await copy.WriteAsync(Head, CancellationToken.None);
        await copy.WriteAsync(_bytes.WrittenMemory, CancellationToken.None);
        await copy.WriteAsync(End, CancellationToken.None);
    }

    /// <summary>Whether a query gives these rows and no others, in this order, byte for byte.</summary>
    /// <param name="connection">Where; nothing else can be asked there meanwhile.</param>
    /// <param name="query">The query, in SQL.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<bool> AreCopiedFrom(NpgsqlConnection connection, string query, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)", cancellation);
        ReadOnlyMemory<byte>[] left = [Head, _bytes.WrittenMemory, End];
        var (part, isAlike) = (0, true);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);

        // To the end also of what differs, for nothing else can be asked before.
        for (int read; (read = await copy.ReadAsync(buffer, cancellation)) > 0;)
        {
            for (var given = buffer.AsMemory(0, read); isAlike && given.Length > 0;)
            {
                while (part < left.Length - 1 && left[part].IsEmpty)
                    part++;
                var length = Math.Min(given.Length, left[part].Length);
                isAlike = length > 0 && given.Span[..length].SequenceEqual(left[part].Span[..length]);
                (given, left[part]) = (given[length..], left[part][length..]);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return isAlike && left.All(rest => rest.IsEmpty);
    }

    private void Type(int type)
    {
        if (_isTyped)
            Int32(type);
    }

    private void Sized(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length)));
    }

    private void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    private void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }
}
