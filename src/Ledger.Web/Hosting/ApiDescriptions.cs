using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Ledger.Web.Hosting;

/// <summary>Tells the API explorer what Wolverine cannot see: the bodies that <see cref="BodyAttribute"/> reads, and what an operation answers.</summary>
internal sealed class ApiDescriptions : IApiDescriptionProvider
{
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        // Wolverine describes its endpoints in this step; they are completed in the next.
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        // In an order that does not hang on how endpoints happen to be discovered.
        var described = context.Results
            .OrderBy(d => d.RelativePath, StringComparer.Ordinal)
            .ThenBy(d => d.HttpMethod, StringComparer.Ordinal)
            .ToList();
        context.Results.Clear();
        foreach (var operation in described)
        {
            Complete(operation);
            context.Results.Add(operation);
        }
    }

    private static void Complete(ApiDescription operation)
    {
        var answers = operation.SupportedResponseTypes;
        foreach (var unknown in answers.Where(a => a.Type == typeof(IResult) || a.StatusCode >= 400).ToList())
            answers.Remove(unknown);

        if (operation.ActionDescriptor.EndpointMetadata.OfType<BodyMetadata>().FirstOrDefault() is { } body)
        {
            operation.ParameterDescriptions.Add(new() { Name = "body", Source = BindingSource.Body, Type = body.Type, IsRequired = true });
            operation.SupportedRequestFormats.Add(new() { MediaType = Form.Json });
            if (answers.Count == 0)
            {
                answers.Add(Answer(201, typeof(EntriesMade)));
                answers.Add(Answer(200, typeof(EntriesMade)));
            }
        }

        // Every operation can fail. What else it may refuse has the same shape.
        answers.Add(Answer(500, typeof(ProblemBody)));
    }

    private static ApiResponseType Answer(int status, Type type) =>
        new() { StatusCode = status, Type = type, ApiResponseFormats = [new() { MediaType = status >= 400 ? Problem.MediaType : Form.Json }] };
}
