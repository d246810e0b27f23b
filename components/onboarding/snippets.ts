export interface SnippetInput {
  url: string;
  apiKey: string;
}

/** The same row in three tongues; what is pasted runs. */
export const snippets = {
  python: ({ url, apiKey }: SnippetInput) => `# pip install ./sdk/python
import plumbline

client = plumbline.Client(api_key="${apiKey}", url="${url}", model="eta", version="1")
client.log_prediction({"distance": 728, "origin": "ATL"}, prediction="late")
client.flush()`,
  typescript: ({ url, apiKey }: SnippetInput) => `// npm install ./sdk/typescript
import { Plumbline } from "@plumbline/sdk";

const plumbline = new Plumbline({ apiKey: "${apiKey}", url: "${url}", model: "eta", version: "1" });
plumbline.logPrediction({ features: { distance: 728, origin: "ATL" }, prediction: "late" });
await plumbline.flush();`,
  curl: ({ url, apiKey }: SnippetInput) => `curl ${url}/v1/predictions \\
  -H "Authorization: Bearer ${apiKey}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "eta", "version": "1", "prediction": "late",
       "features": {"distance": 728, "origin": "ATL"}}'`,
} as const;
