using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>An agreement as of a day, by what was known at an instant.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Titles">The title in other languages.</param>
/// <param name="Summary">What it is about.</param>
/// <param name="Status">Its status on the day.</param>
/// <param name="StatusOn">The day.</param>
/// <param name="Certain">Whether the answer holds whichever days are meant by acts whose day is not known exactly.</param>
/// <param name="Version">The number of entries that the answer rests on.</param>
/// <param name="Open">Whether an agency not named may become a party.</param>
/// <param name="Visibility">Who may know of it.</param>
/// <param name="Fields">The fields of cooperation.</param>
/// <param name="Institutes">The institutes that carry it out.</param>
/// <param name="Parties">The parties.</param>
/// <param name="Phases">The phases.</param>
/// <param name="EntryIntoForce">The rule of entry into force, and how far it is met.</param>
/// <param name="ProvisionallyAppliedFrom">The day from which it is applied provisionally (VCLT article 25), while it is; null once in force or ended.</param>
/// <param name="Term">The term as first agreed.</param>
/// <param name="ExpiresOn">The last day of the term, with every extension agreed by the day.</param>
/// <param name="EndedOn">The day of its end; it may lie ahead.</param>
/// <param name="LastDiscussedOn">The day of the last discussion.</param>
/// <param name="Achievements">The achievements by the day.</param>
/// <param name="Documents">The documents attached.</param>
/// <param name="Meetings">The meetings held by the day through which it was touched.</param>
/// <param name="Flags">What cannot have been so, or what an older record does not say.</param>
/// <param name="AsOf">The day whose state of affairs this is.</param>
/// <param name="KnownAt">The instant up to whose records it speaks, UTC.</param>
public sealed record AgreementView(
    string Id,
    string Reference,
    string Title,
    Translations? Titles,
    string? Summary,
    AgreementStatus Status,
    DateOnly StatusOn,
    bool Certain,
    long Version,
    bool Open,
    Visibility Visibility,
    ImmutableArray<string> Fields,
    ImmutableArray<AgencyNamed> Institutes,
    ImmutableArray<PartyView> Parties,
    ImmutableArray<PhaseView> Phases,
    EntryIntoForceView EntryIntoForce,
    DateOnly? ProvisionallyAppliedFrom,
    Term? Term,
    DateOnly? ExpiresOn,
    DateOnly? EndedOn,
    Day? LastDiscussedOn,
    ImmutableArray<AchievementView> Achievements,
    ImmutableArray<DocumentAttached> Documents,
    ImmutableArray<MeetingNamed> Meetings,
    ImmutableArray<Flag> Flags,
    DateOnly AsOf,
    DateTimeOffset KnownAt)
{
    internal static AgreementView Of(AgreementReading reading, Standing standing, IEnumerable<Meeting> meetings)
    {
        var (agreement, agencies) = (reading.Agreement, reading.Agencies);
        var proposal = agreement.Proposal;
        var day = standing.Day;
        var touched = agreement.Acts.Where(a => a.Event.OccurredOn is not { } on || on.Latest <= day).ToList();
        return new AgreementView(
            agreement.Id,
            agreement.Reference,
            agreement.Title,
            proposal.Titles,
            proposal.Summary,
            standing.Status,
            day,
            standing.Certain,
            agreement.Version,
            proposal.Open,
            proposal.Visibility,
            proposal.Fields,
            [.. proposal.Institutes.Select(code => AgencyNamed.Of(code, agencies, day))],
            [.. standing.Parties.Select(p => PartyView.Of(p, agencies, day))],
            [.. standing.Phases.Select(p => new PhaseView(p.Id, p.Number, p.Title, p.CompletedOn is null ? "planned" : "completed", p.PlannedEnd, p.CompletedOn, p.Overdue))],
            EntryIntoForceView.Of(proposal.EntryIntoForce, standing.Entry),
            standing.ProvisionalFrom,
            proposal.Term,
            standing.ExpiresOn,
            standing.EndedOn,
            standing.LastDiscussed?.On,
            [.. touched.Where(a => a.Event is AchievementRecorded).OrderBy(a => a.Event.OccurredOn!.Latest).Select(a => AchievementView.Of(a, agencies, day))],
            [.. touched.Select(a => a.Event).OfType<DocumentAttached>()],
            [.. meetings.Where(m => m.Facts.OccurredOn!.Latest <= day).Select(m => new MeetingNamed(m.Id, m.Reference, m.Facts.Title, m.Facts.OccurredOn!))],
            Domain.Agreements.Flags.Of(agreement),
            day,
            reading.KnownAt);
    }
}

/// <summary>An agency by code and by the official name of the day.</summary>
/// <param name="Agency">The code.</param>
/// <param name="Name">The name.</param>
public sealed record AgencyNamed(string Agency, string Name)
{
    internal static AgencyNamed Of(string code, AgencyDirectory agencies, DateOnly day)
    {
        var holder = agencies.HolderOn(code, day);
        return new AgencyNamed(holder, agencies.NameOn(holder, day));
    }
}

/// <summary>A meeting by id, reference, title and day.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="HeldOn">The day it was held.</param>
public sealed record MeetingNamed(string Id, string Reference, string Title, Day HeldOn);

/// <summary>A party.</summary>
/// <param name="Agency">The code of the agency that holds the party's place on the day.</param>
/// <param name="Name">Its official name on the day.</param>
/// <param name="InPlaceOf">The code under which the agreement names the party, where another has taken its place.</param>
/// <param name="Status">Its standing.</param>
/// <param name="SignedOn">When it signed.</param>
/// <param name="RatifiedOn">When its instrument of consent was made.</param>
/// <param name="ReceivedOn">When that instrument was received.</param>
/// <param name="Instrument">Its form.</param>
/// <param name="BoundFrom">From when it is bound; it may lie ahead.</param>
/// <param name="WithdrawnOn">When its withdrawal takes or took effect.</param>
public sealed record PartyView(
    string Agency,
    string Name,
    string? InPlaceOf,
    PartyStatus Status,
    Day? SignedOn,
    Day? RatifiedOn,
    Day? ReceivedOn,
    Instrument? Instrument,
    DateOnly? BoundFrom,
    DateOnly? WithdrawnOn)
{
    internal static PartyView Of(PartyStanding p, AgencyDirectory agencies, DateOnly day)
    {
        var named = AgencyNamed.Of(p.Party, agencies, day);
        return new PartyView(
            named.Agency,
            named.Name,
            named.Agency == p.Party ? null : p.Party,
            p.Status,
            p.SignedOn,
            p.RatifiedOn,
            p.ReceivedOn,
            p.Instrument,
            p.BoundFrom,
            p.WithdrawnOn);
    }
}

/// <summary>A phase.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its number from 1.</param>
/// <param name="Title">What is to be done in it.</param>
/// <param name="Status"><c>planned</c> or <c>completed</c>.</param>
/// <param name="PlannedEnd">When it is to be completed.</param>
/// <param name="CompletedOn">When it was.</param>
/// <param name="Overdue">Whether its planned end has passed without completion.</param>
public sealed record PhaseView(string Id, int Number, string Title, string Status, Day? PlannedEnd, Day? CompletedOn, bool Overdue);

/// <summary>The rule of entry into force, and how far it is met.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Count">How many consents it takes.</param>
/// <param name="Parties">Whose consents it takes.</param>
/// <param name="Date">The fixed day.</param>
/// <param name="Delay">How long after the rule is met.</param>
/// <param name="FirstOfMonth">Whether on the first of the month that follows.</param>
/// <param name="ExcludeOrganisations">Whether consents of organisations are left out.</param>
/// <param name="MetOn">The day the rule was met.</param>
/// <param name="InForceFrom">The day from which the agreement is in force; it may lie ahead.</param>
/// <param name="Because">The versions of the entries by which the rule was met.</param>
/// <param name="WaitingFor">The parties whose consent the rule waits for.</param>
/// <param name="Outstanding">How many consents it waits for.</param>
public sealed record EntryIntoForceView(
    EntryIntoForceRule Rule,
    int? Count,
    ImmutableArray<string> Parties,
    DateOnly? Date,
    Period? Delay,
    bool FirstOfMonth,
    bool ExcludeOrganisations,
    DateOnly? MetOn,
    DateOnly? InForceFrom,
    ImmutableArray<long> Because,
    ImmutableArray<string> WaitingFor,
    int Outstanding)
{
    internal static EntryIntoForceView Of(EntryIntoForce? rule, EntryStanding entry)
    {
        rule ??= new EntryIntoForce(EntryIntoForceRule.AllParties);
        return new EntryIntoForceView(
            rule.Rule, rule.Count, rule.Parties, rule.Date, rule.Delay, rule.FirstOfMonth, rule.ExcludeOrganisations, entry.MetOn, entry.InForceFrom, entry.Because, entry.WaitingFor, entry.Outstanding);
    }
}

/// <summary>An achievement.</summary>
/// <param name="Version">The number of its entry.</param>
/// <param name="OccurredOn">The day.</param>
/// <param name="Title">What was achieved.</param>
/// <param name="Summary">What it consisted of.</param>
/// <param name="Counters">Numbers that go with it.</param>
/// <param name="Beneficiaries">Who benefits from which item.</param>
public sealed record AchievementView(
    long Version, Day OccurredOn, string Title, string? Summary, ImmutableArray<Counter> Counters, ImmutableArray<BeneficiaryView> Beneficiaries)
{
    internal static AchievementView Of(Act act, AgencyDirectory agencies, DateOnly day)
    {
        var achieved = (AchievementRecorded)act.Event;
        return new AchievementView(
            act.Number,
            achieved.OccurredOn!,
            achieved.Title,
            achieved.Summary,
            achieved.Counters,
            [.. achieved.Beneficiaries.Select(b => new BeneficiaryView(b.Item, b.Agency, agencies.NameOn(b.Agency, day)))]);
    }
}

/// <summary>An item of an achievement and whom it is for.</summary>
/// <param name="Item">The item.</param>
/// <param name="Agency">The code of the agency.</param>
/// <param name="Name">Its official name on the day.</param>
public sealed record BeneficiaryView(string Item, string Agency, string Name);

/// <summary>Shows an agreement.</summary>
public static class AgreementViewEndpoint
{
    private const string Kept = "agreement";

    /// <summary>Read an agreement: as it stands, as of a day, as known at an instant, or by its first entries.</summary>
    /// <remarks><c>asOf</c>, <c>knownAt</c> and <c>version</c> combine. The status is worked out from all acts for the day asked for; nobody records it. <c>certain</c> is false while it depends on a day that is not known exactly.</remarks>
    [Tags("Agreements")]
    [Query("asOf", "The state of affairs on this day, by everything that the point of reading knows.", Example = "2020-02-14")]
    [Query("knownAt", "By what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("version", "By the entries up to this one.", Example = "3")]
    [ProducesResponseType<AgreementView>(200)]
    [WolverineGet("/api/v1/agreements/{id}", OperationId = "getAgreement")]
    public static async Task<IResult> Get(string id, AgreementReader agreements, AgreementAnswers answers, HttpContext http)
    {
        var query = new RequestQuery(http);
        var point = agreements.PointOf(query);
        if (query.Problem is { } problem)
            return problem;

        // As it stands is asked for most by far.
        var caller = Caller.From(http.User);
        return http.Request.Query.Count == 0
            ? await Now(id, caller, agreements, answers, http)
            : await From(id, point, caller, agreements, http);
    }

    private static async Task<IResult> Now(string id, Caller caller, AgreementReader agreements, AgreementAnswers answers, HttpContext http)
    {
        // The instant first and the agreement after it, as everywhere.
        var (settled, today) = (await agreements.SettledLately(http.RequestAborted), agreements.Today);
        if (await answers.Head(id, caller, http.RequestAborted) is not { } head)
            return AgreementReader.NotFound(id);
        if (answers.Find(Kept, head, today) is not { } answer)
        {
            if (await agreements.Find(head.Id, caller, http.RequestAborted) is not { } current)
                return AgreementReader.NotFound(id);
            var (sight, unseen) = await agreements.See(current, new Point(today, null), http.RequestAborted);
            if (unseen is not null)
                return unseen;

            answers.Keep(Kept, answer = ToKeep(sight!, head.Names));
        }

        if (IsHeld(http, answer.Head.Version) && answer.IsSameForItsVersion)
            return Results.StatusCode(StatusCodes.Status304NotModified);

        // A name in it was recorded just now: an instant from before that would not know it.
        if (settled < answer.LastRecordedAt && await agreements.SettledNow(http.RequestAborted) is var now && await answers.Head(id, caller, http.RequestAborted) == head)
            settled = now;
        return AgreementAnswers.Send(answer, settled > answer.AgreementRecordedAt ? settled : answer.AgreementRecordedAt);
    }

    private static async Task<IResult> From(string id, Point point, Caller caller, AgreementReader agreements, HttpContext http)
    {
        if (await agreements.Find(id, caller, http.RequestAborted) is not { } current)
            return AgreementReader.NotFound(id);
        var (sight, unseen) = await agreements.See(current, point, http.RequestAborted);
        if (unseen is not null)
            return unseen;

        var (reading, standing, meetings) = sight!;
        return IsHeld(http, reading.Agreement.Version) && IsUnchangedSinceRecorded(reading, standing, meetings)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Form.Answer(AgreementView.Of(reading, standing, meetings));
    }

    // Marks the answer with the version, and says whether that is what the reader holds.
    private static bool IsHeld(HttpContext http, long version)
    {
        var etag = $"\"{version}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Headers.IfNoneMatch.Count > 0
            && http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == etag || tag == $"W/{etag}");
    }

    private static AgreementAnswer ToKeep(AgreementSight sight, long names)
    {
        var (reading, standing, meetings) = sight;
        var body = JsonSerializer.SerializeToUtf8Bytes(AgreementView.Of(reading, standing, meetings), Form.Options);

        // The last member by its name, which no text within the body can hold unescaped.
        var from = body.AsSpan().LastIndexOf("\"knownAt\":"u8) + "\"knownAt\":".Length;
        return new AgreementAnswer(new(reading.Agreement.Id, reading.Agreement.Version, names), reading.Agreement.LastRecordedAt, standing.Day, body)
        {
            KnownAt = from..(from + body.AsSpan(from + 1).IndexOf((byte)'"') + 2),
            LastRecordedAt = reading.Agencies.All.Select(a => a.LastRecordedAt).Concat(meetings.Select(m => m.LastRecordedAt)).Append(reading.Agreement.LastRecordedAt).Max(),
            IsSameForItsVersion = IsUnchangedSinceRecorded(reading, standing, meetings),
        };
    }

    // A status can change by the mere passing of days, and a name or title by an agency's or a meeting's own entry: then the same version is
    // not the same answer.
    private static bool IsUnchangedSinceRecorded(AgreementReading reading, Standing standing, IEnumerable<Meeting> meetings)
    {
        var recordedOn = DateOnly.FromDateTime(reading.Agreement.LastRecordedAt.UtcDateTime);
        if (reading.Agencies.All.Select(a => a.LastRecordedAt).Concat(meetings.Select(m => m.LastRecordedAt)).Any(at => at > reading.Agreement.LastRecordedAt))
            return false;
        if (standing.Day <= recordedOn)
            return true;
        return Standing.Of(reading.Agreement, recordedOn) is { } then
            && JsonSerializer.Serialize(then with { Day = standing.Day }, LedgerJson.Options) == JsonSerializer.Serialize(standing, LedgerJson.Options);
    }
}
