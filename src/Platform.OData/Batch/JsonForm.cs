using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Engine;
using Platform.OData.Writing;

namespace Platform.OData.Batch;

/// <summary>Answers in OData 4.01's JSON form: <c>{"responses":[{"id","atomicityGroup","status","headers","body"}]}</c>.</summary>
internal sealed class JsonForm : BatchForm, IDisposable
{
    private Utf8JsonWriter? json;

    public override string ContentType => "application/json";

    public override void Begin(PipeWriter text)
    {
        json = new Utf8JsonWriter(text, JsonText.Options);
        json.WriteStartObject();
        json.WriteStartArray("responses");
    }

    public override void Write(PipeWriter text, ItemAnswer answer)
    {
        for (var at = 0; at < answer.Item.Requests.Length; at++)
        {
            var request = answer.Item.Requests[at];
            json!.WriteStartObject();
            json.WriteString("id", request.Id);
            if (answer.Item.Group is { } group) json.WriteString("atomicityGroup", group);
            if (answer.Failed is null) WriteAnswer(answer.Answers[at]);
            else if (ReferenceEquals(request, answer.Failed)) WriteAnswer(answer.Answers[0]);
            else WriteRolledBack(Errors.RolledBack(answer.Item.Group!));
            json.WriteEndObject();
        }
        json!.Flush();
    }

    public override void End(PipeWriter text)
    {
        json!.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    public void Dispose() => json?.Dispose();

    private void WriteAnswer(PartAnswer answer)
    {
        json!.WriteNumber("status", answer.Status);
        json.WriteStartObject("headers");
        foreach (var (name, value) in HeadersOf(answer)) json.WriteString(name, value);
        if (answer.FailureId is { } failure) json.WriteString("REQ_ID", failure);
        json.WriteEndObject();
        if (answer.Body.IsEmpty) return;
        json.WritePropertyName("body");
        var type = MediaTypeHeaderValue.TryParse(answer.Headers.ContentType.ToString(), out var parsed) ? parsed : null;
        if (type is not null && BodyForm.IsJson(type)) json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        else if (type is not null && BodyForm.IsText(type)) json.WriteStringValue(answer.Body.Span);
        else json.WriteStringValue(Base64Url.EncodeToUtf8(answer.Body.Span));
    }

    private void WriteRolledBack(PlatformException why)
    {
        json!.WriteNumber("status", StatusCodes.Status424FailedDependency);
        json.WriteStartObject("headers");
        json.WriteString("Content-Type", "application/json");
        json.WriteEndObject();
        json.WriteStartObject("body");
        json.WriteStartObject("error");
        json.WriteString("code", why.Code);
        json.WriteString("message", why.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
