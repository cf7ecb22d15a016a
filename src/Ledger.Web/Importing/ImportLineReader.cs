using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Meetings;
using static Ledger.Web.Meetings.Outcome;

namespace Ledger.Web.Importing;

/// <summary>A line as far as it could be read.</summary>
/// <param name="Raw">The line as it stands.</param>
/// <param name="Fact">What it says; null where it could not be read.</param>
/// <param name="Problems">What is wrong with its shape.</param>
internal sealed record ReadLine(RawLine Raw, ImportFact? Fact, ImmutableArray<LineProblem> Problems)
{
    /// <summary>The reference under which the line would have begun an agreement or a meeting, also where it could not be read.</summary>
    public string? Begins { get; init; }
}

/// <summary>Reads what a line says and judges its shape, with the readers and validators of the matching requests.</summary>
internal static class ImportLineReader
{
    // An entry is read as strictly as what the ledger wrote itself was written.
    private static readonly JsonSerializerOptions EventOptions = MakeEventOptions();

    // The members by which a line says what it is about, and which the matching request has in its address.
    private static readonly FrozenDictionary<string, LineKind> Kinds = MakeKinds();

    /// <summary>Every kind of line.</summary>
    public static IEnumerable<string> KindsOfLines => Kinds.Keys.Order(StringComparer.Ordinal);

    /// <summary>The command that each kind of line holds, and the members that it has beside those of the command.</summary>
    public static IReadOnlyDictionary<string, (Type Command, string[] Own)> Members { get; } = Outcome.Kinds
        .Select(kind => (kind.Key, kind.Value.Command, Own: kind.Value.Command == typeof(ProposeAgreement) ? [] : kind.Value.Command == typeof(CompletePhase) ? ["agreement", "phase"] : new[] { "agreement" }))
        .Concat(
        [
            ("withdrawalRevoked", typeof(RevokeWithdrawal), ["agreement"]), ("proposalWithdrawn", typeof(WithdrawProposal), ["agreement"]), ("documentAttached", typeof(AttachDocument), ["agreement"]),
            ("corrected", typeof(CorrectEntry), ["agreement", "meeting"]), ("meeting", typeof(RecordMeeting), ["reference"]), ("minutesApproved", typeof(ApproveMinutes), ["meeting"]),
            ("agency", typeof(KeepAgency), ["code", "agencyKind"]), ("succession", typeof(SucceedAgency), ["agency"]),
            ("person", typeof(PersonLine), []), ("file", typeof(FileLine), []), ("entry", typeof(EntryLine), []),
        ])
        .ToFrozenDictionary(kind => kind.Key, kind => (kind.Command, kind.Own), StringComparer.Ordinal);

    /// <summary>Reads a line.</summary>
    public static ReadLine Read(RawLine raw, IServiceProvider services)
    {
        if (raw.Problem is { } unreadable)
            return new ReadLine(raw, null, [unreadable]);

        var line = new LineInHand(raw, services);
        var fact = !line.TakeMembers("kind") && line.Problems.Count > 0 ? null
            : line.Text("kind") is { } kind
            ? Kinds.TryGetValue(kind, out var of) ? of.Read(line) : line.Refuse("/kind", "malformed", $"The kind of a line is one of {string.Join(", ", KindsOfLines)}.")
            : line.Refuse("/kind", "malformed", "Each line is an object and says its kind, such as \"kind\":\"signed\".");
        return new ReadLine(raw, line.Problems.Count == 0 ? fact : null, [.. line.Problems.Select(p => p.In(raw.Json))]) { Begins = line.Begins };
    }

    private static FrozenDictionary<string, LineKind> MakeKinds()
    {
        var kinds = new Dictionary<string, LineKind>(StringComparer.Ordinal)
        {
            ["agency"] = new(line => line.TakeMembers("code", "agencyKind") && line.Command<KeepAgency>(("agencyKind", "kind")) is { } agency ? new AgencyFact(line.Code("code"), agency) : null),
            ["succession"] = new(line => line.TakeMembers("agency") && line.Command<SucceedAgency>() is { } succession ? new SuccessionFact(line.Code("agency"), succession) : null),
            ["documentAttached"] = new(line => line.Agreement() && line.Command<AttachDocument>() is { } document ? new DocumentFact(line.Text("agreement")!, document) : null),
            ["corrected"] = new(Correction),
            ["meeting"] = new(Meeting),
            ["minutesApproved"] = new(line => line.TakeMembers("meeting") && line.Name("meeting") is { } meeting && line.Command<ApproveMinutes>() is { } approval ? new MinutesFact(meeting, approval) : null),
            ["person"] = new(line => line.Command<PersonLine>() is { } person ? new PersonFact(person.Kept) : null),
            ["file"] = new(line => line.Command<FileLine>() is { } file ? File(line, file) : null),
            ["entry"] = new(line => line.Command<EntryLine>() is { } entry ? Entry(line, entry) : null),
        };
        foreach (var (name, kind) in Outcome.Kinds)
            kinds[name] = new(line => Act(line, kind));
        kinds["withdrawalRevoked"] = new(line => Act(line, OutcomeKind.Of<RevokeWithdrawal>((c, _) => RevokeWithdrawalEndpoint.Act(c))));
        kinds["proposalWithdrawn"] = new(line => Act(line, OutcomeKind.Of<WithdrawProposal>((c, _) => WithdrawProposalEndpoint.Act(c))));
        return kinds.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static ImportFact? Act(LineInHand line, OutcomeKind kind)
    {
        var isProposal = kind.Command == typeof(ProposeAgreement);
        var isPhase = kind.Command == typeof(CompletePhase);
        if (isProposal)
            line.Begins = line.Peek("reference");
        else if (!line.Agreement())
            return null;
        if (isPhase && (!line.TakeMembers("phase") || line.Name("phase") is null))
            return null;

        var (act, proposal, problem) = kind.Read(line.Rest, line.Text("phase"), line.Services, true, [RequestBody.Alone]);
        line.Add(problem);
        return problem is not null ? null : isProposal ? new ProposalFact(proposal!) : new ActFact(line.Text("agreement")!, act!);
    }

    private static ImportFact? Correction(LineInHand line)
    {
        if (!line.TakeMembers("agreement", "meeting"))
            return null;
        if ((line.Text("agreement") is null) == (line.Text("meeting") is null))
            return line.Refuse("", "validation", "Name the agreement or the meeting whose entry is put right.");
        if (line.Command<CorrectEntry>() is not { } correction)
            return null;

        return line.Text("agreement") is { } agreement ? new CorrectionFact(agreement, correction) : new MeetingCorrectionFact(line.Text("meeting")!, correction);
    }

    private static ImportFact? Meeting(LineInHand line)
    {
        if (!line.TakeMembers("reference"))
            return null;
        line.Begins = line.Text("reference");
        if (line.Begins is { } reference && !ProposeAgreementValidator.IsReference(reference))
            line.Refuse("/reference", "validation", ProposeAgreementValidator.ReferenceSentence);
        var (command, malformed) = StrictJson.Read<RecordMeeting>(line.Rest, isHistorical: true);
        if (malformed is not null)
        {
            line.Add(malformed);
            return null;
        }

        line.Add(RequestBody.Validate(command!, line.Services, RecordMeetingEndpoint.Facts));
        var problems = new MeetingProblems();
        var outcomes = (command!.Outcomes.IsDefault ? [] : command.Outcomes).Select((json, index) => Parse(json, index, line.Services, problems, isHistorical: true)).ToImmutableArray();
        foreach (var problem in problems.All)
            line.Refuse(problem.Pointer, problem.Code, problem.Detail);
        return new MeetingFact(line.Begins, command, outcomes);
    }

    private static ImportFact? File(LineInHand line, FileLine file) =>
        Convert.ToHexStringLower(SHA256.HashData(file.Content)) == file.Sha256
            ? new FileFact(file.Sha256, file.Content)
            : line.Refuse("/sha256", "validation", "The SHA-256 is not that of the content. Take the line from the export again.");

    private static ImportFact? Entry(LineInHand line, EntryLine entry)
    {
        try
        {
            LedgerEvent? read = entry.Stream switch
            {
                EntryStream.Agreement => entry.Event.Deserialize<AgreementEvent>(EventOptions),
                EntryStream.Meeting => entry.Event.Deserialize<MeetingEvent>(EventOptions),
                _ => entry.Event.Deserialize<AgencyEvent>(EventOptions),
            };
            return read is null
                ? line.Refuse("/event", "malformed", "An entry has its event.")
                : new EntryFact(entry.Stream!.Value, entry.Id, entry.Version, read, new(entry.RecordedAt.ToUniversalTime(), entry.RecordedBy));
        }
        catch (JsonException problem)
        {
            return line.Refuse("/event" + StrictJson.Where(problem), "malformed", StrictJson.Explain(problem));
        }
        catch (NotSupportedException)
        {
            return line.Refuse("/event", "malformed", "The event names its kind in $type, as docs/events.md lists them.");
        }
    }

    private static JsonSerializerOptions MakeEventOptions()
    {
        var options = new JsonSerializerOptions(StrictJson.HistoricalOptions) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
        options.MakeReadOnly();
        return options;
    }

    private sealed record LineKind(Func<LineInHand, ImportFact?> Read);

    /// <summary>A line while it is read: the members taken from it so far, and the rest.</summary>
    private sealed class LineInHand(RawLine raw, IServiceProvider services)
    {
        private readonly Dictionary<string, string?> _taken = new(StringComparer.Ordinal);
        private Dictionary<string, (int From, int To, bool IsText)>? _members;
        private (string From, string To)[] _renamed = [];

        public List<LineProblem> Problems { get; } = [];

        public IServiceProvider Services => services;

        public string? Begins { get; set; }

        /// <summary>The object without the members taken, as the matching request has it.</summary>
        public ReadOnlyMemory<byte> Rest => Without();

        /// <summary>Takes members that are texts, or numbers read as such, from the line.</summary>
        /// <returns>False where the line could not be read.</returns>
        public bool TakeMembers(params string[] names)
        {
            if (_members is null && !Index())
                return false;
            foreach (var name in names)
                _taken[name] = Peek(name);
            return true;
        }

        public string? Peek(string name)
        {
            if (!_members!.TryGetValue(name, out var at))
                return null;
            var json = raw.Json.Span[at.From..at.To];
            if (!at.IsText)
                return json[0] is >= (byte)'0' and <= (byte)'9' ? System.Text.Encoding.UTF8.GetString(json) : null;
            try
            {
                return JsonSerializer.Deserialize<string>(json);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // A lone surrogate is no text; whoever needs the member says that it is missing.
                return null;
            }
        }

        public string? Text(string name) => _taken.GetValueOrDefault(name);

        public string? Name(string name)
        {
            if (Text(name) is { Length: > 0 } text)
                return text;
            Refuse("/" + name, "validation", $"Name the {name} that this line concerns.");
            return null;
        }

        public bool Agreement() => TakeMembers("agreement") && Name("agreement") is not null;

        public string Code(string name)
        {
            if (!Shapes.IsCode(Text(name)))
                Refuse("/" + name, "validation", "An agency's code has up to 40 capital letters, digits, dots, hyphens and underscores, such as CNES.");
            return Text(name) ?? "";
        }

        public TCommand? Command<TCommand>(params (string From, string To)[] renamed)
            where TCommand : class
        {
            var (command, problem) = StrictJson.Read<TCommand>(Without(renamed), isHistorical: true);
            _renamed = renamed;
            Add(problem);
            if (problem is null)
                Add(RequestBody.Validate(command!, services, RequestBody.Alone));
            return problem is null && Problems.Count == 0 ? command : null;
        }

        public ImportFact? Refuse(string pointer, string code, string sentence)
        {
            // A member that the line calls otherwise than the matching request.
            if (_renamed.FirstOrDefault(r => "/" + r.To == pointer) is { From: { } name, To: { } there })
                (pointer, sentence) = ("/" + name, sentence.Replace($"/{there}:", $"/{name}:", StringComparison.Ordinal));
            Problems.Add(new(raw.Number, pointer, code, null, sentence));
            return null;
        }

        public void Add(IEnumerable<KeyValuePair<string, string>> errors)
        {
            foreach (var (pointer, sentence) in errors)
                Refuse(pointer, "validation", sentence);
        }

        public void Add(Problem? problem)
        {
            if (problem is { Errors: { } errors })
                Add(errors.SelectMany(e => e.Value.Select(sentence => KeyValuePair.Create(e.Key, sentence))));
            else if (problem is not null)
                Refuse(problem.Pointer, problem.Code, problem.Detail);
        }

        private bool Index()
        {
            _members = new(StringComparer.Ordinal);
            try
            {
                var reader = new Utf8JsonReader(raw.Json.Span, new JsonReaderOptions { MaxDepth = StrictJson.Options.MaxDepth });
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                    return false;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    var (from, isText) = ((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.String);
                    if (name.Contains('\0', StringComparison.Ordinal) || (isText && reader.GetString()!.Contains('\0', StringComparison.Ordinal)))
                    {
                        Refuse(name.Contains('\0', StringComparison.Ordinal) ? "" : StrictJson.Step(name), "malformed", "A text contains U+0000, which cannot be stored. Remove it.");
                        return false;
                    }

                    reader.Skip();
                    if (!_members.TryAdd(name, (from, (int)reader.BytesConsumed, isText)))
                    {
                        Refuse(StrictJson.Step(name), "malformed", $"The member \"{name}\" stands twice. Say it once.");
                        return false;
                    }
                }

                // What follows the object is read too, so that a second one on the line is found.
                return !reader.Read();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                Refuse("", "malformed", e is JsonException json ? StrictJson.Explain(json) : "A text contains a lone surrogate, which is no character. Remove it.");
                return false;
            }
        }

        private ReadOnlyMemory<byte> Without(params (string From, string To)[] renamed)
        {
            var rest = new ArrayBufferWriter<byte>(raw.Json.Length);
            using var writer = new Utf8JsonWriter(rest, new() { SkipValidation = true, Encoder = LedgerJson.Options.Encoder });
            writer.WriteStartObject();
            foreach (var (name, at) in _members!)
            {
                var became = renamed.FirstOrDefault(r => r.From == name).To;
                if (became is null && _taken.ContainsKey(name))
                    continue;
                writer.WritePropertyName(became ?? name);
                writer.WriteRawValue(raw.Json.Span[at.From..at.To], skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.Flush();
            return rest.WrittenMemory;
        }
    }
}
