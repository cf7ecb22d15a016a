using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Ledger.Domain;
using Ledger.Web.Hosting;

namespace Ledger.Web.Importing;

/// <summary>A line of a file as it stands.</summary>
/// <param name="Number">The number of the line, from 1.</param>
/// <param name="Json">The object on it, in UTF-8.</param>
/// <param name="Problem">What keeps it from being an object, where something does.</param>
internal sealed record RawLine(long Number, ReadOnlyMemory<byte> Json, LineProblem? Problem = null);

/// <summary>Reads a file line by line, and holds no more than a line of it.</summary>
internal static class ImportFileReader
{
    /// <summary>The longest line: a document of 20 MiB in Base64, with room for the rest.</summary>
    internal const int MostBytes = 32 * 1024 * 1024;

    /// <summary>The lines that say something, in their order; empty ones are passed over.</summary>
    public static IAsyncEnumerable<RawLine> Read(Stream file, ImportFormat format, CancellationToken cancellation) =>
        format == ImportFormat.Csv ? ReadCsv(file, cancellation) : ReadJsonLines(file, cancellation);

    private static async IAsyncEnumerable<RawLine> ReadJsonLines(Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var (start, end, number, tooLong) = (0, 0, 0L, false);
        for (var isAtEnd = false; !isAtEnd;)
        {
            if (end == buffer.Length)
                buffer = Room(buffer, ref start, ref end, ref tooLong);

            var read = await file.ReadAsync(buffer.AsMemory(end), cancellation);
            isAtEnd = read == 0;
            var searched = end;
            end += read;
            for (var newline = Newline(searched); newline >= 0 || (isAtEnd && end > start); newline = Newline(start))
            {
                var until = newline < 0 ? end : newline;
                number++;
                if (Line(number, buffer.AsSpan(start, until - start), tooLong) is { } line)
                    yield return line;
                (start, tooLong) = (newline < 0 ? end : newline + 1, false);
            }
        }

        int Newline(int from)
        {
            var at = buffer.AsSpan(from, end - from).IndexOf((byte)'\n');
            return at < 0 ? -1 : from + at;
        }
    }

    private static RawLine? Line(long number, ReadOnlySpan<byte> bytes, bool tooLong)
    {
        if (number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        bytes = bytes.Trim(" \t\r"u8);
        return tooLong ? new RawLine(number, default, new(number, "", "too-large", null, $"A line may have {MostBytes / 1024 / 1024} MiB at most."))
            : bytes.IsEmpty ? null
            : new RawLine(number, bytes.ToArray());
    }

    // What does not fit goes to the front, or into twice the room; of a line beyond all measure only its end is kept.
    private static byte[] Room(byte[] buffer, ref int start, ref int end, ref bool tooLong)
    {
        if (start == 0 && buffer.Length >= MostBytes)
        {
            (end, tooLong) = (0, true);
            return buffer;
        }

        var larger = start == 0 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, end - start).CopyTo(larger);
        (start, end) = (0, end - start);
        return larger;
    }

    private static async IAsyncEnumerable<RawLine> ReadCsv(Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var text = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null, MaxFieldSize = MostBytes });
        string[]? header = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (row, problem) = await Next(csv);
            if (row is null && problem is null)
                yield break;
            if (problem is not null)
            {
                yield return problem;
                yield break;
            }

            if (header is null)
                header = [.. row!.Select(name => name.Trim())];
            else
                yield return ToJson(header, row!, csv.RawRow);
        }
    }

    private static async Task<(string[]? Row, RawLine? Problem)> Next(CsvParser csv)
    {
        try
        {
            return (await csv.ReadAsync() ? csv.Record : null, null);
        }
        catch (Exception e) when (e is DecoderFallbackException or CsvHelperException)
        {
            var line = csv.RawRow + 1L;
            return (null, new RawLine(line, default, new(line, "", "malformed", null, "From here on the file is no CSV in UTF-8. Save it as such (RFC 4180).")));
        }
    }

    private static RawLine ToJson(string[] header, string[] row, long number)
    {
        if (row.Length > header.Length)
            return new RawLine(number, default, new(number, "", "malformed", null, $"The line has {row.Length} cells and the header {header.Length}. Give each cell a column."));

        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json, new() { Encoder = LedgerJson.Options.Encoder });
        writer.WriteStartObject();
        var (kind, isStruckOut) = (Cell("kind"), Cell("kind") == "corrected" && Cell("value") == "null");
        for (var i = 0; i < row.Length; i++)
        {
            // An empty cell says nothing, except that it is the whole entry that never happened.
            var cell = row[i];
            if (cell.Length == 0 && !(isStruckOut && header[i] == "field"))
                continue;

            writer.WritePropertyName(header[i]);
            if (!CsvCells.Write(writer, kind, header[i], cell))
                return new RawLine(number, default, new(number, StrictJson.Step(header[i]), "malformed", LineProblem.Shorten(cell), "A cell of this column that begins with a bracket is JSON, and this is none."));
        }

        writer.WriteEndObject();
        writer.Flush();
        return new RawLine(number, json.WrittenMemory);

        string Cell(string name) => Array.IndexOf(header, name) is >= 0 and var at && at < row.Length ? row[at] : "";
    }
}
