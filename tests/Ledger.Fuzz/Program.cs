using System.Globalization;
using Ledger.Fuzz;

// fuzz [--requests N] [--seed S] [--program DIRECTORY] [--report FILE]
string? Given(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

var requests = long.Parse(Given("--requests") ?? "50000", CultureInfo.InvariantCulture);
var seed = Given("--seed") is { } given ? ulong.Parse(given, CultureInfo.InvariantCulture) : 20200214;
await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: --seed {seed} --requests {requests} sends the same again."));
return await Run.Of(requests, seed, Given("--program"), Given("--report"));
