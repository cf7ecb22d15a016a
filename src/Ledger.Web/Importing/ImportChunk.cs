using Ledger.Domain;
using Ledger.Web.Entries;
using Ledger.Web.Persons;

namespace Ledger.Web.Importing;

/// <summary>What some lines of a file have decided, to be written in one commit.</summary>
internal sealed class ImportChunk
{
    /// <summary>The last line that it takes in.</summary>
    public long LastLine { get; set; }

    /// <summary>How many lines it takes in.</summary>
    public int Lines { get; set; }

    /// <summary>The entries, in the order of the lines.</summary>
    public List<DecidedEntry> Entries { get; } = [];

    /// <summary>The persons that the entries name and the store does not know yet.</summary>
    public List<PersonKept> Persons { get; } = [];

    /// <summary>The files of documents that the store does not keep yet.</summary>
    public List<FileFact> Files { get; } = [];

    /// <summary>The last numbers given in series of references.</summary>
    public Dictionary<(string Series, int Year), int> References { get; } = [];

    /// <summary>How much it is to keep in memory, one for each entry of the usual size.</summary>
    public long Weight => Entries.Count + Persons.Count + Files.Sum(f => f.Content.LongLength / 1_000);
}

/// <summary>An entry that a line has decided.</summary>
/// <param name="Stream">What it is about.</param>
/// <param name="Id">The id of its stream.</param>
/// <param name="Version">Its number in the stream, from 1.</param>
/// <param name="Event">What became true.</param>
/// <param name="Provenance">Where it was first recorded; absent for a fact of an older record.</param>
internal sealed record DecidedEntry(EntryStream Stream, string Id, long Version, LedgerEvent Event, Provenance? Provenance);
