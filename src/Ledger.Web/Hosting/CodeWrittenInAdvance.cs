using JasperFx.CodeGeneration;
using Wolverine;

namespace Ledger.Web.Hosting;

/// <summary>
/// The code by which Wolverine calls our endpoints: compiled into a published build, made at the first request otherwise. It is never
/// kept in the repository, because code that no longer fits would be used in silence.
/// </summary>
internal static class CodeWrittenInAdvance
{
    /// <summary>Where the publishing build wants the code written; set by the project file.</summary>
    private const string Output = "LEDGER_CODEGEN_OUT";

    /// <summary>Uses the code that was compiled in, where there is any.</summary>
    public static void UseCodeWrittenInAdvance(this WolverineOptions options)
    {
        if (Environment.GetEnvironmentVariable(Output) is { Length: > 0 } folder)
            options.CodeGeneration.GeneratedCodeOutputPath = folder;
        if (typeof(CodeWrittenInAdvance).Assembly.GetType("Internal.Generated.WolverineHandlers.GeneratedHttpEndpointRegistry") is not null)
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
    }
}
