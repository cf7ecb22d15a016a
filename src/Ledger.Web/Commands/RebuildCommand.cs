using Ledger.Web.Store;

namespace Ledger.Web.Commands;

/// <summary><c>rebuild</c>: makes every projection anew from the entries and says what differed.</summary>
internal static class RebuildCommand
{
    /// <summary>Runs the command on a built application that need not serve.</summary>
    /// <returns>0 where every document was byte for byte what the entries make; 1 where something had to be put right.</returns>
    public static async Task<int> Run(WebApplication app)
    {
        var differed = false;
        foreach (var projection in await app.Services.GetRequiredService<Rebuild>().Run(CancellationToken.None))
        {
            differed |= !projection.Differing.IsEmpty;
            Console.WriteLine(projection.Differing.IsEmpty
                ? $"{projection.Projection}: {projection.Documents} documents, each byte for byte what its entries make."
                : $"{projection.Projection}: {projection.Documents} documents; put right: {string.Join(", ", projection.Differing)}.");
        }

        return differed ? 1 : 0;
    }
}
