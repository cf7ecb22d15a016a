using System.Buffers;
using System.Data;
using System.Globalization;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Marten;
using Npgsql;

namespace Ledger.Web.Exporting;

/// <summary>How far an export has come.</summary>
/// <param name="Entries">How many entries are written.</param>
/// <param name="Sequence">The sequence up to which the record is read.</param>
/// <param name="UpTo">The sequence at which it ends.</param>
internal sealed record ExportProgress(long Entries, long Sequence, long UpTo);

/// <summary>
/// Writes the whole record that a caller may see, as lines that <c>import</c> takes: each entry in the order of the ledger, before it the persons and the
/// file that it names for the first time. It speaks of one point of the record, and the same record always gives the same bytes.
/// </summary>
internal sealed class Exporter(NpgsqlDataSource source, RecordReader record, AgreementReader agreements, MeetingReader meetings, IDocumentStore store)
{
    private const int EntriesAtOnce = 1_000;
    private static readonly JsonWriterOptions Lines = new() { Encoder = LedgerJson.Options.Encoder, SkipValidation = true };

    /// <summary>Writes the record.</summary>
    /// <param name="caller">Who may see what is written.</param>
    /// <param name="output">Where to; nothing is kept back that was written.</param>
    /// <param name="progress">Told from time to time how far it has come.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <returns>How many entries were written.</returns>
    public async Task<long> Write(Caller caller, Stream output, Action<ExportProgress> progress, CancellationToken cancellation)
    {
        var settled = await record.Settled(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var (persons, files) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var (after, written) = (0L, 0L);
        var line = new ArrayBufferWriter<byte>();
        while (true)
        {
            var entries = await RecordReader.After(connection, after, settled.Sequence, EntriesAtOnce, cancellation);
            if (entries.IsEmpty)
                break;

            var visible = await Visible([.. entries], caller, cancellation);
            var shown = caller.SeesEveryName() ? null : RecordReader.Shown(visible.SelectMany(NamedIn), caller, await agreements.AgenciesNow(cancellation));
            var named = await Persons(connection, shown, [.. visible.SelectMany(PersonsOf).Where(id => !persons.Contains(id)).Distinct(StringComparer.Ordinal)], cancellation);
            foreach (var entry in visible)
            {
                foreach (var person in PersonsOf(entry).Where(persons.Add))
                    line.Write(named[person]);
                if (entry.Event is DocumentAttached document && files.Add(document.Sha256))
                    await WriteFile(connection, document.Sha256, output, line, cancellation);
                Write(entry, line);
                written++;
            }

            await Flush(output, line, cancellation);
            after = entries[^1].Sequence;
            progress(new ExportProgress(written, after, settled.Sequence));
        }

        await output.FlushAsync(cancellation);
        return written;
    }

    private async Task<List<RecordedEntry>> Visible(List<RecordedEntry> entries, Caller caller, CancellationToken cancellation)
    {
        if (caller.May(Operation.SeeAgreement, Reach.Restricted))
            return entries;

        await using var session = store.QuerySession();
        var concerned = await session.LoadManyAsync<Agreement>(cancellation, [.. entries.Where(e => e.Event is AgreementEvent).Select(e => e.Stream).Distinct(StringComparer.Ordinal)]);
        var agencies = await agreements.AgenciesNow(cancellation);
        var seen = concerned.Where(a => caller.MaySee(a, agencies)).Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var touched = await meetings.VisibleAgreements(entries.Select(e => e.Event), caller, cancellation);
        return [.. entries.Where(e => e.Event is not AgreementEvent || seen.Contains(e.Stream)).Select(e => e with { Event = MeetingReader.Redacted(e.Event, touched) })];
    }

    private static IEnumerable<string> PersonsOf(RecordedEntry entry) => NamedIn(entry).Select(n => n.PersonId);

    // An entry of another ledger names whoever recorded it there.
    private static IEnumerable<NamedFor> NamedIn(RecordedEntry entry) => RecordReader.Named(entry with { By = Recorded(entry).RecordedBy, Provenance = null });

    // Where an entry was first recorded goes before where it was brought in.
    private static Provenance Recorded(RecordedEntry entry) => entry.Provenance ?? new(entry.RecordedAt, entry.By);

    private static void Write(RecordedEntry entry, ArrayBufferWriter<byte> line)
    {
        var (recordedAt, by) = Recorded(entry);
        var (stream, json) = entry.Event switch
        {
            AgreementEvent e => ("agreement", JsonSerializer.SerializeToUtf8Bytes(e, LedgerJson.Options)),
            MeetingEvent e => ("meeting", JsonSerializer.SerializeToUtf8Bytes(e, LedgerJson.Options)),
            _ => ("agency", JsonSerializer.SerializeToUtf8Bytes((AgencyEvent)entry.Event, LedgerJson.Options)),
        };
        Line(line, "entry", writer =>
        {
            writer.WriteString("stream", stream);
            writer.WriteString("id", entry.Stream);
            writer.WriteNumber("version", entry.Version);
            writer.WriteString("recordedAt", recordedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            writer.WriteStartObject("recordedBy");
            writer.WriteString("personId", by.PersonId);
            if (by.Agency is not null)
                writer.WriteString("agency", by.Agency);
            writer.WriteEndObject();
            writer.WritePropertyName("event");
            writer.WriteRawValue(json, skipInputValidation: true);
        });
    }

    // The line of each person, by id; of those whose name is withheld as it would be were it erased.
    private static async Task<Dictionary<string, byte[]>> Persons(NpgsqlConnection connection, HashSet<string>? shown, string[] ids, CancellationToken cancellation)
    {
        var persons = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (ids.Length == 0)
            return persons;

        await using var command = new NpgsqlCommand(
            "select person_id, name, office, name_salt, office_salt, name_commitment, office_commitment, erased_at from ledger.person where person_id = any ($1)", connection);
        command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var line = new ArrayBufferWriter<byte>();
        while (await reader.ReadAsync(cancellation))
        {
            Line(line, "person", writer =>
            {
                writer.WriteString("id", reader.GetString(0));
                Text(writer, "name", 1);
                Text(writer, "office", 2);
                Bytes(writer, "nameSalt", 3);
                Bytes(writer, "officeSalt", 4);
                Text(writer, "nameCommitment", 5);
                Text(writer, "officeCommitment", 6);
                if (!reader.IsDBNull(7))
                    writer.WriteString("erasedOn", DateOnly.FromDateTime(reader.GetDateTime(7)).ToString("O", CultureInfo.InvariantCulture));
            });
            persons[reader.GetString(0)] = line.WrittenSpan.ToArray();
            line.ResetWrittenCount();
        }

        return persons;

        void Text(Utf8JsonWriter writer, string name, int column)
        {
            if (!reader.IsDBNull(column) && (shown?.Contains(reader.GetString(0)) != false || name.EndsWith("Commitment", StringComparison.Ordinal)))
                writer.WriteString(name, reader.GetString(column));
        }

        void Bytes(Utf8JsonWriter writer, string name, int column)
        {
            if (!reader.IsDBNull(column) && shown?.Contains(reader.GetString(0)) != false)
                writer.WriteBase64String(name, (byte[])reader[column]);
        }
    }

    private static async Task WriteFile(NpgsqlConnection connection, string sha256, Stream output, ArrayBufferWriter<byte> line, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select content from ledger.document_content where sha256 = $1", connection);
        command.Parameters.Add(new() { Value = sha256 });
        if (await command.ExecuteScalarAsync(cancellation) is not byte[] content)
            return;

        Line(line, "file", writer =>
        {
            writer.WriteString("sha256", sha256);
            writer.WriteBase64String("content", content);
        });
        await Flush(output, line, cancellation);
    }

    private static void Line(ArrayBufferWriter<byte> line, string kind, Action<Utf8JsonWriter> members)
    {
        using (var writer = new Utf8JsonWriter(line, Lines))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            members(writer);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
    }

    private static async Task Flush(Stream output, ArrayBufferWriter<byte> line, CancellationToken cancellation)
    {
        await output.WriteAsync(line.WrittenMemory, cancellation);
        line.ResetWrittenCount();
    }
}
