using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>How fast a status and a history are read over HTTP with a token.</summary>
internal sealed class Reading(Stage stage, Scale scale)
{
    private const int Clients = 16;

    public async Task<IReadOnlyList<Comparison>> Run()
    {
        var database = await stage.Database("reading");
        await using var service = await stage.Service(database);
        var registrar = stage.Token("Registrar", null, "registrar");
        var officer = stage.Token("Officer", "ONE", "officer");
        await Agreements.Prepare(service, registrar, scale.Agreements);
        foreach (var n in Enumerable.Range(0, scale.Agreements))
        {
            foreach (var (act, body) in new[]
            {
                ("discussions", """{"discussedOn":"2024-05-17","summary":"The parties reviewed the preparation."}"""),
                ("signatures", """{"party":"ONE","signedOn":"2024-05-18"}"""),
                ("signatures", """{"party":"TWO","signedOn":"2024-05-18"}"""),
                ("ratifications", """{"party":"ONE","ratifiedOn":"2024-06-18"}"""),
            })
            {
                await service.Write(registrar, HttpMethod.Post, $"/api/v1/agreements/{Agreements.Reference(n)}/{act}", System.Text.Json.Nodes.JsonNode.Parse(body)!);
            }
        }

        var plainDatabase = await stage.Database("answers");
        await Answers(plainDatabase, service, officer);
        await using var plain = await stage.Rival("read", plainDatabase);
        var comparisons = new List<Comparison>();
        foreach (var (what, path, rival) in new[]
        {
            ("read current status by id over HTTP, with token", "/api/v1/agreements/{0}", "/read/{0}"),
            ("history of five entries", "/api/v1/agreements/{0}/history", "/read/{0}-history"),
        })
        {
            // What runs often is compiled again and better meanwhile: beside a load on two cores, that takes the service half a minute.
            for (var n = 0; n < (comparisons.Count == 0 ? scale.WarmUps : 2); n++)
                await Read(service, officer, path);
            for (var n = 0; n < 2; n++)
                await Read(plain, officer, rival);

            comparisons.Add(await Comparison.InTurns(
                what, "Kestrel + plain Npgsql sending the same JSON, with token", "answers/s", scale.Rounds, _ => Read(service, officer, path), _ => Read(plain, officer, rival), 0.90));
        }

        return comparisons;
    }

    private async Task<double> Read(Running service, string token, string path)
    {
        var requests = Enumerable.Range(0, scale.Agreements)
            .Select(n => Load.Request("GET", string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Agreements.Reference(n)), token))
            .ToArray();
        var result = await Load.Run(service.Address, Clients, scale.Time, (client, n) => requests[((client * 7919) + n) % requests.Length], 200);
        return result.Refused == 0 ? result.PerSecond : throw new InvalidOperationException($"{result.Refused} reads were refused.");
    }

    private async Task Answers(string database, Running service, string token)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using (var create = source.CreateCommand("create table answer (id text primary key, body text not null)"))
            await create.ExecuteNonQueryAsync();
        foreach (var n in Enumerable.Range(0, scale.Agreements))
        {
            await using var insert = source.CreateCommand("insert into answer values ($1, $2), ($3, $4)");
            var id = Agreements.Reference(n);
            insert.Parameters.Add(new() { Value = id });
            insert.Parameters.Add(new() { Value = await service.Read(token, $"/api/v1/agreements/{id}") });
            insert.Parameters.Add(new() { Value = $"{id}-history" });
            insert.Parameters.Add(new() { Value = await service.Read(token, $"/api/v1/agreements/{id}/history") });
            await insert.ExecuteNonQueryAsync();
        }
    }
}
