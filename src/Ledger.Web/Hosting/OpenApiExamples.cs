using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Web.Hosting;

/// <summary>The examples of the API's description, all of them from the founding meeting.</summary>
internal static class OpenApiExamples
{
    private static readonly JsonNode Moscow = Read("moscow-2020-02-14");
    private static readonly JsonNode Operations = Read("operations");

    /// <summary>The body of a request of this operation, where there is an example.</summary>
    public static JsonNode? Request(string operation) => operation switch
    {
        "keepAgency" => Without(Moscow["agencies"]![0]!, "code"),
        "recordMeeting" => Moscow["meeting"]!.DeepClone(),
        _ => Operations[operation]?["request"]?.DeepClone(),
    };

    /// <summary>An answer of this operation with this status and in this form, where there is an example.</summary>
    public static JsonNode? Answer(string operation, string status, string form) => Operations[operation]?["answers"]?[status]?[form]?.DeepClone();

    private static JsonObject Without(JsonNode node, string member)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove(member);
        return copy;
    }

    private static JsonNode Read(string name) =>
        JsonNode.Parse(ProblemPages.Resource($"docs/examples/{name}.json"), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!;
}
