using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Ledger.Web.Tests;

/// <summary>What holds for every request that changes the record, whatever it records.</summary>
[Covers("POST /api/v1/agencies/{code}/succession")]
[Covers("POST /api/v1/agreements")]
[Covers("POST /api/v1/agreements/{id}/discussions")]
[Covers("POST /api/v1/agreements/{id}/signatures")]
[Covers("POST /api/v1/agreements/{id}/ratifications")]
[Covers("POST /api/v1/agreements/{id}/phases")]
[Covers("POST /api/v1/agreements/{id}/phases/{phase}/completion")]
[Covers("POST /api/v1/agreements/{id}/achievements")]
[Covers("POST /api/v1/agreements/{id}/extensions")]
[Covers("POST /api/v1/agreements/{id}/amendments")]
[Covers("POST /api/v1/agreements/{id}/suspensions")]
[Covers("POST /api/v1/agreements/{id}/resumptions")]
[Covers("POST /api/v1/agreements/{id}/provisional-application")]
[Covers("POST /api/v1/agreements/{id}/withdrawals")]
[Covers("POST /api/v1/agreements/{id}/withdrawal-revocations")]
[Covers("POST /api/v1/agreements/{id}/terminations")]
[Covers("POST /api/v1/agreements/{id}/proposal-withdrawal")]
[Covers("POST /api/v1/agreements/{id}/corrections")]
[Covers("POST /api/v1/agreements/{id}/documents")]
[Covers("POST /api/v1/meetings")]
[Covers("POST /api/v1/meetings/{id}/minutes-approvals")]
[Covers("POST /api/v1/meetings/{id}/corrections")]
public class EveryWrite(RunningLedger ledger)
{
    public static TheoryData<string> Routes => Writes.Routes;

    public static TheoryData<string> RefusingRoutes => Writes.RefusingRoutes;

    public static TheoryData<string> VersionedRoutes => Writes.VersionedRoutes;

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task records_and_says_what_it_recorded(string route)
    {
        var write = await Writes.Arrange(ledger, route);

        var reply = (await Send(write)).Is(201);

        Assert.Matches("^/api/v1/", reply.Headers["Location"]);
        (await write.Client.Get(reply.Headers["Location"])).Is(200);
        Assert.Matches("^\"[0-9]+\"$", reply.ETag);
        var entry = reply.Json!["entries"]![0]!;
        Assert.True((long)entry["sequence"]! > 0 && (long)entry["version"]! > 0 && (string)entry["type"]! != "");
        if (write.Version is { } version)
        {
            Assert.Equal($"\"{version + 1}\"", reply.ETag);
            Assert.Equal(version + 1, (long)entry["version"]!);
        }
    }

    [Theory]
    [MemberData(nameof(RefusingRoutes))]
    public async Task that_the_rules_refuse_leaves_nothing_behind_and_the_key_free(string route)
    {
        var write = await Writes.Arrange(ledger, route);
        var key = write.Client.NewKey();

        var refused = await Send(write with { Body = write.Refused! }, key);

        refused.IsProblem(409, Writes.Code(route));
        (await Send(write, key)).Is(201);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task wants_a_key(string route)
    {
        var write = await Writes.Arrange(ledger, route);

        foreach (var key in new[] { null, "", "two words", "é", new string('k', 256) })
        {
            var reply = await write.Client.Send(HttpMethod.Post, write.Path, write.Body, ("Idempotency-Key", key), ("If-Match", "*"));
            reply.IsProblem(400, "idempotency-key-missing");
        }

        (await Send(write, new string('k', 240) + write.Client.NewKey())).Is(201);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task that_is_repeated_is_answered_with_the_first_answer(string route)
    {
        var write = await Writes.Arrange(ledger, route);
        var key = write.Client.NewKey();
        var first = (await Send(write, key)).Is(201);
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));

        var again = await Send(write, key);
        var shuffled = await Send(write with { Body = Shuffled(write.Body) }, key);

        Assert.All([again, shuffled], reply =>
        {
            Assert.Equal((first.Status, first.Body, first.ETag, first.Headers["Location"]), (reply.Status, reply.Body, reply.ETag, reply.Headers["Location"]));
            Assert.Equal("true", reply.Headers["Idempotent-Replayed"]);
        });
    }

    [Theory]
    [MemberData(nameof(RefusingRoutes))]
    public async Task with_the_key_of_another_one_is_refused(string route)
    {
        var write = await Writes.Arrange(ledger, route);
        var key = write.Client.NewKey();
        (await Send(write, key)).Is(201);

        (await Send(write with { Body = write.Refused! }, key)).IsProblem(422, "idempotency-key-reused");
    }

    [Theory]
    [MemberData(nameof(VersionedRoutes))]
    public async Task on_a_stream_names_the_version_it_has_read(string route)
    {
        var write = await Writes.Arrange(ledger, route);

        (await write.Client.Post(write.Path, write.Body)).IsProblem(428, "version-required");
        (await write.Client.Post(write.Path, write.Body, ifMatch: write.Version - 1)).IsProblem(412, "version-conflict");
        (await write.Client.Post(write.Path, write.Body, ifMatch: write.Version + 1)).IsProblem(412, "version-conflict");
        (await write.Client.Post(write.Path, write.Body, ifMatch: "\"nonsense\"")).IsProblem(412, "version-conflict");
        (await write.Client.Post(write.Path, write.Body, ifMatch: $"\"77\", \"{write.Version}\"")).Is(201);
    }

    [Theory]
    [MemberData(nameof(VersionedRoutes))]
    public async Task on_a_stream_may_do_without_reading_it_first(string route)
    {
        var write = await Writes.Arrange(ledger, route);

        (await write.Client.Post(write.Path, write.Body, ifMatch: "*")).Is(201);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task refuses_what_cannot_be_read(string route)
    {
        var write = await Writes.Arrange(ledger, route);
        var members = JsonNode.Parse(write.Body)!.AsObject();
        var (name, value) = members.First(m => m.Value is JsonValue v && v.TryGetValue<string>(out _));

        foreach (var body in new[]
        {
            "", "null", "[]", "5", "{", write.Body + "}", $"{{\"{name}\":{{}}}}", $"{{\"{name}\":5}}",
            With(write.Body, $"\"{name}\":{value!.ToJsonString()}"),
            With(write.Body, "\"nonsense\":1"),
            With(write.Body, "\"recordedAt\":\"2001-01-01T00:00:00Z\""),
            With(write.Body, "\"recordedBy\":\"me\""),
            With(write.Body, "\"no\\u0000thing\":1"),
            write.Body.Replace(value.ToJsonString(), "\"a\\u0000b\"", StringComparison.Ordinal),
            write.Body.Replace(value.ToJsonString(), "\"a\\ud800b\"", StringComparison.Ordinal),
        })
        {
            var reply = await Send(write with { Body = body });

            // A day or an amount is unfit before it is of the wrong type.
            if (reply.Status == 422)
                reply.IsProblem(422, "validation");
            else
                reply.IsProblem(400, "malformed");
        }

        var invalid = await write.Client.Send(HttpMethod.Post, write.Path, Encoding.Latin1.GetBytes(With(write.Body, "\"é\":1")), ("Idempotency-Key", write.Client.NewKey()), ("If-Match", "*"));
        invalid.IsProblem(400, "malformed");
        Assert.Contains("\"nonsense\"", (await Send(write with { Body = With(write.Body, "\"nonsense\":1") }))["detail"], StringComparison.Ordinal);
        Assert.Contains("\"recordedAt\"", (await Send(write with { Body = With(write.Body, "\"recordedAt\":1") }))["detail"], StringComparison.Ordinal);
        (await Send(write)).Is(201);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task never_fails_whatever_stands_in_its_members(string route)
    {
        var write = await Writes.Arrange(ledger, route);

        foreach (var body in Mutations(JsonNode.Parse(write.Body)!))
        {
            var reply = await Send(write with { Body = body });
            Assert.True(reply.Status < 500, $"{body} brought {reply.Status}: {reply.Body}");
            if (reply.Status is 400 or 422)
                Assert.Equal("application/problem+json", reply.Headers["Content-Type"].Split(';')[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task is_not_for_those_who_only_read(string route)
    {
        var write = await Writes.Arrange(ledger, route);
        var nobody = ledger.With(ledger.Service<Ledger.Web.Access.DevelopmentIssuer>()
            .Sign(new("dev|nobody", "Nobody in particular", "NOBODY", []), ledger.Service<TimeProvider>().GetUtcNow()));

        (await Send(write with { Client = ledger.Auditor })).IsProblem(403, "forbidden");
        (await Send(write with { Client = nobody })).IsProblem(403, "forbidden");
        (await Send(write)).Is(201);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task takes_json_and_nothing_else(string route)
    {
        var write = await Writes.Arrange(ledger, route);

        var reply = await write.Client.Send(
            HttpMethod.Post, write.Path, write.Body, ("Content-Type", "text/plain"), ("Idempotency-Key", write.Client.NewKey()), ("If-Match", "*"));

        reply.IsProblem(415, "unsupported-media-type");
        (await Send(write)).Is(201);
    }

    private static Task<Reply> Send(Write write, string? key = null) => write.Client.Post(write.Path, write.Body, key, write.Version);

    private static string With(string body, string member) => body[..^1] + "," + member + "}";

    // The same members in another order, with white space between.
    private static string Shuffled(string body) =>
        new JsonObject(JsonNode.Parse(body)!.AsObject().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())))
            .ToJsonString(new() { WriteIndented = true });

    private static IEnumerable<string> Mutations(JsonNode body)
    {
        foreach (var path in PathsOf(body, "").ToList())
        {
            foreach (var value in new[] { "null", "-1", "1e30", "\"\"", "\" \"", "\"x\"", "\"0000\"", "\"9999-12-31\"", "true", "[]", "[null]", "{}", null })
            {
                var changed = body.DeepClone();
                var parent = changed.At(path[..path.LastIndexOf('/')]);
                var last = path[(path.LastIndexOf('/') + 1)..];
                if (parent is JsonArray items)
                {
                    var index = int.Parse(last, CultureInfo.InvariantCulture);
                    if (value is null)
                        items.RemoveAt(index);
                    else
                        items[index] = JsonNode.Parse(value);
                }
                else if (value is null)
                {
                    parent!.AsObject().Remove(last);
                }
                else
                {
                    parent![last] = JsonNode.Parse(value);
                }

                yield return changed.ToJsonString();
            }
        }
    }

    private static IEnumerable<string> PathsOf(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => PathsOf(m.Value, $"{path}/{m.Key}").Prepend($"{path}/{m.Key}")),
        JsonArray items => items.SelectMany((item, index) => PathsOf(item, $"{path}/{index}").Prepend($"{path}/{index}")),
        _ => [],
    };
}
