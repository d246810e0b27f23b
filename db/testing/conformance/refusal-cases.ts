import { equal, ok } from "node:assert/strict";
import type { ConformanceCase } from "./conformance-case.ts";

const refused: { what: string; params: Record<string, string>; method?: string; path?: string }[] =
  [
    { what: "an HTTP session", params: { query: "SELECT 1", session_id: "s" } },
    { what: "a role", params: { query: "SELECT 1", role: "r" } },
    { what: "native compression of the answer", params: { query: "SELECT 1", compress: "1" } },
    { what: "SET", params: { query: "SET max_threads = 1" } },
    { what: "USE", params: { query: "USE system" } },
    { what: "a temporary table", params: { query: "CREATE TEMPORARY TABLE t (a UInt8)" } },
    {
      what: "reading a file",
      params: { query: "SELECT * FROM file('/etc/passwd', 'LineAsString')" },
    },
    {
      what: "reading a file in a subquery, in capitals, behind a comment",
      params: { query: "SELECT (SELECT count() FROM /* x */ FILE /* y */ ('/etc/passwd'))" },
    },
    {
      what: "reading a file by a quoted name",
      params: { query: "SELECT * FROM `file`('/etc/passwd')" },
    },
    {
      what: "hiding a file behind heredocs",
      params: { query: "SELECT $$'$$, file('/etc/passwd'), $$'$$" },
    },
    {
      what: "a dictionary over a file",
      params: {
        query:
          "CREATE DICTIONARY d (a String) PRIMARY KEY a SOURCE(FILE(path '/etc/passwd' format 'CSV')) LAYOUT(DIRECT())",
      },
    },
    {
      what: "reading a URL",
      params: { query: "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')" },
    },
    {
      what: "reading a file into a table",
      params: { query: "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT LineAsString" },
    },
    { what: "writing a file", params: { query: "SELECT 1 INTO OUTFILE '/tmp/plumbline-refused'" } },
    {
      what: "a table over a file",
      params: { query: "CREATE TABLE t (a String) ENGINE = File(CSV, '/etc/passwd')" },
    },
    { what: "another server", params: { query: "SELECT * FROM remote('127.0.0.1', system.one)" } },
    { what: "users and grants", params: { query: "GRANT SELECT ON *.* TO somebody" } },
    { what: "a backup", params: { query: "BACKUP TABLE t TO File('/tmp/plumbline-refused')" } },
    { what: "KILL by anything but the id", params: { query: "KILL QUERY WHERE user = 'default'" } },
    { what: "another path", params: { query: "SELECT 1" }, path: "/play" },
    { what: "another method", params: { query: "SELECT 1" }, method: "PUT" },
  ];

export const refusalCases: ConformanceCase[] = refused.map(({ what, params, method, path }) => ({
  name: `${what} is refused with 501 and a list of what is served`,
  isEmbeddedOnly: true,
  async run({ url }) {
    const target = new URL(url);
    const response = await fetch(`${target.origin}${path ?? "/"}?${new URLSearchParams(params)}`, {
      method: method ?? "POST",
      headers: {
        "X-ClickHouse-User": target.username,
        "X-ClickHouse-Key": decodeURIComponent(target.password),
      },
    });
    const text = await response.text();
    equal(response.status, 501, text);
    equal(response.headers.get("x-clickhouse-exception-code"), "48");
    ok(text.includes("Supported: SELECT"), text);
  },
}));
