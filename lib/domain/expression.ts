/** A metric of a person's own: arithmetic and comparisons over statistics of known columns, in a closed grammar. What is written is
 *  parsed into a tree and evaluated over profiles: no part of it ever reaches a store as text.
 *
 *    expression  = either
 *    either      = both ("or" both)*
 *    both        = negation ("and" negation)*
 *    negation    = "not" negation | comparison
 *    comparison  = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?
 *    sum         = product (("+" | "-") product)*
 *    product     = factor (("*" | "/") factor)*
 *    factor      = "-" factor | number | call | "(" either ")"
 *    call        = name "(" (argument ("," argument)*)? ")"
 *
 *  A column is a name, or stands in backquotes; a text stands in quotes. */

export const expressionLimits = { lengthMax: 1_000, depthMax: 32, columnsMax: 20 } as const;

/** Of the values of one column. */
const columnStatistics = [
  "count",
  "missing_share",
  "nan_share",
  "mean",
  "std",
  "variance",
  "min",
  "max",
  "sum",
  "median",
] as const;
export type ColumnStatistic = (typeof columnStatistics)[number];

/** Of numbers. */
const scalarFunctions = {
  abs: 1,
  sqrt: 1,
  ln: 1,
  log10: 1,
  exp: 1,
  least: 2,
  greatest: 2,
} as const;
export type ScalarFunction = keyof typeof scalarFunctions;

export const expressionFunctions: readonly string[] = [
  "rows",
  ...columnStatistics,
  "quantile",
  "share",
  ...Object.keys(scalarFunctions),
  "if",
  "reference",
];

export interface ColumnName {
  /** In backquotes it is a feature whatever it is called; else `expressionColumns` are the model's own. */
  subject: "feature" | "prediction" | "latency";
  name: string;
  at: number;
}

/** What every model has, as it is written. */
const modelColumns: ReadonlyMap<string, Omit<ColumnName, "at">> = new Map([
  ["prediction", { subject: "prediction", name: "value" }],
  ["prediction.score", { subject: "prediction", name: "score" }],
  ["prediction.label", { subject: "prediction", name: "label" }],
  ["latency", { subject: "latency", name: "" }],
]);
export const expressionColumns: readonly string[] = [...modelColumns.keys()];

export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** `at`: where it begins in the text, from 0. */
export type ExpressionNode = { at: number } & (
  | { kind: "number"; value: number }
  | { kind: "rows" }
  | { kind: "statistic"; statistic: ColumnStatistic; column: ColumnName }
  | { kind: "quantile"; column: ColumnName; share: number }
  | { kind: "share"; column: ColumnName; value: string }
  | { kind: "negative"; of: ExpressionNode }
  | {
      kind: "arithmetic";
      operator: "+" | "-" | "*" | "/";
      left: ExpressionNode;
      right: ExpressionNode;
    }
  | { kind: "scalar"; name: ScalarFunction; of: ExpressionNode[] }
  | { kind: "compare"; operator: Comparison; left: ExpressionNode; right: ExpressionNode }
  | { kind: "logic"; operator: "and" | "or"; left: ExpressionNode; right: ExpressionNode }
  | { kind: "not"; of: ExpressionNode }
  | { kind: "if"; test: ExpressionNode; yes: ExpressionNode; no: ExpressionNode }
  /** The same of what the window is compared with. */
  | { kind: "reference"; of: ExpressionNode }
);

export interface ExpressionError {
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

export type ParsedExpression =
  | {
      kind: "parsed";
      root: ExpressionNode;
      /** Each once. */
      columns: readonly ColumnName[];
      usesReference: boolean;
    }
  | { kind: "error"; error: ExpressionError };

type Token =
  | { kind: "number"; value: number; at: number; text: string }
  | { kind: "name" | "column" | "text" | "symbol" | "end"; text: string; at: number };

/** Thrown and caught in this file alone: a parser goes many calls deep. */
class Refusal extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const symbols = ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ","];
const wordsOf = ["and", "or", "not"];

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = readToken(rest, at);
    tokens.push(token);
    at += token.kind === "column" || token.kind === "text" ? quotedLength(rest) : token.text.length;
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}

const quotedLength = (rest: string) => rest.indexOf(rest[0] ?? "", 1) + 1;

function readToken(rest: string, at: number): Token {
  const [first = ""] = rest;
  if (first === "`" || first === '"' || first === "'") {
    const end = rest.indexOf(first, 1);
    if (end === -1) throw new Refusal(at, `a ${first} that nothing closes`);
    const text = rest.slice(1, end);
    if (first === "`" && text === "") throw new Refusal(at, "expected a column's name between `");
    return { kind: first === "`" ? "column" : "text", text, at };
  }
  const number = /^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest)?.[0];
  if (number !== undefined) {
    const after = rest.slice(number.length);
    if (/^[\w.]/.test(after)) throw new Refusal(at, `"${/^[\w.]+/.exec(rest)?.[0]}" is no number`);
    const value = Number(number);
    if (!Number.isFinite(value)) throw new Refusal(at, `${number} is too large a number`);
    return { kind: "number", value, at, text: number };
  }
  const name = /^[A-Za-z_][\w.]*/.exec(rest)?.[0];
  if (name !== undefined) return { kind: "name", text: name, at };
  const symbol = symbols.find((one) => rest.startsWith(one));
  if (symbol !== undefined) return { kind: "symbol", text: symbol, at };
  if (first === "=") throw new Refusal(at, "a single = means nothing here; use == to compare");
  const shown = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  throw new Refusal(at, `"${shown}" means nothing here`);
}

const show = (token: Token) => (token.kind === "end" ? "the end" : `"${token.text}"`);

export type ExpressionType = "number" | "truth";

/** What a node comes to: a number, or whether something holds. */
export function typeOfExpression(node: ExpressionNode): ExpressionType {
  switch (node.kind) {
    case "compare":
    case "logic":
    case "not":
      return "truth";
    case "if":
      return typeOfExpression(node.yes);
    case "reference":
      return typeOfExpression(node.of);
    case "number":
    case "rows":
    case "statistic":
    case "quantile":
    case "share":
    case "negative":
    case "arithmetic":
    case "scalar":
      return "number";
  }
}

class Parser {
  readonly columns = new Map<string, ColumnName>();
  usesReference = false;
  private place = 0;
  private depth = 0;
  private isInReference = false;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): ExpressionNode {
    const [first] = this.tokens;
    if (first === undefined || first.kind === "end") throw new Refusal(0, "expected an expression");
    const node = this.either();
    const next = this.next();
    if (next.kind !== "end")
      throw new Refusal(next.at, `expected an operator or the end, not ${show(next)}`);
    return node;
  }

  private next(): Token {
    return this.tokens[this.place] ?? { kind: "end", text: "", at: 0 };
  }

  private take(): Token {
    const token = this.next();
    this.place += 1;
    return token;
  }

  private takeSymbol<Symbol extends string>(among: readonly Symbol[]): Symbol | null {
    const token = this.next();
    const found = among.find((one) => token.kind === "symbol" && token.text === one);
    if (found === undefined) return null;
    this.place += 1;
    return found;
  }

  private takeWord(word: string): boolean {
    const token = this.next();
    if (token.kind !== "name" || token.text !== word) return false;
    this.place += 1;
    return true;
  }

  private expect(symbol: string, after: string): void {
    const token = this.next();
    if (this.takeSymbol([symbol]) === null)
      throw new Refusal(token.at, `expected "${symbol}" ${after}, not ${show(token)}`);
  }

  private must(node: ExpressionNode, type: ExpressionType, where: string): ExpressionNode {
    const found = typeOfExpression(node);
    if (found === type) return node;
    const say = { number: "a number", truth: "a comparison" };
    throw new Refusal(node.at, `${where} takes ${say[type]}, and this is ${say[found]}`);
  }

  private either(): ExpressionNode {
    this.depth += 1;
    if (this.depth > expressionLimits.depthMax)
      throw new Refusal(
        this.next().at,
        `is nested more than ${expressionLimits.depthMax} levels deep`,
      );
    let left = this.both();
    while (this.takeWord("or")) left = this.logic("or", left, this.both());
    this.depth -= 1;
    return left;
  }

  private both(): ExpressionNode {
    let left = this.negation();
    while (this.takeWord("and")) left = this.logic("and", left, this.negation());
    return left;
  }

  private logic(operator: "and" | "or", left: ExpressionNode, right: ExpressionNode) {
    const where = `"${operator}"`;
    const [a, b] = [this.must(left, "truth", where), this.must(right, "truth", where)];
    return { kind: "logic" as const, operator, left: a, right: b, at: left.at };
  }

  private negation(): ExpressionNode {
    const { at } = this.next();
    let count = 0;
    while (this.takeWord("not")) count += 1;
    const of = this.comparison();
    if (count === 0) return of;
    this.must(of, "truth", '"not"');
    return count % 2 === 0 ? of : { kind: "not", of, at };
  }

  private comparison(): ExpressionNode {
    const left = this.sum();
    const operators = ["<=", ">=", "==", "!=", "<", ">"] as const;
    const operator = this.takeSymbol(operators);
    if (operator === null) return left;
    const right = this.sum();
    const again = this.next();
    if (this.takeSymbol(operators) !== null)
      throw new Refusal(again.at, 'one comparison follows another; join two with "and"');
    const where = `"${operator}"`;
    this.must(left, "number", where);
    this.must(right, "number", where);
    return { kind: "compare", operator, left, right, at: left.at };
  }

  private sum(): ExpressionNode {
    let left = this.product();
    for (;;) {
      const operator = this.takeSymbol(["+", "-"] as const);
      if (operator === null) return left;
      left = this.arithmetic(operator, left, this.product());
    }
  }

  private product(): ExpressionNode {
    let left = this.factor();
    for (;;) {
      const operator = this.takeSymbol(["*", "/"] as const);
      if (operator === null) return left;
      left = this.arithmetic(operator, left, this.factor());
    }
  }

  private arithmetic(operator: "+" | "-" | "*" | "/", left: ExpressionNode, right: ExpressionNode) {
    const where = `"${operator}"`;
    this.must(left, "number", where);
    this.must(right, "number", where);
    return { kind: "arithmetic" as const, operator, left, right, at: left.at };
  }

  private factor(): ExpressionNode {
    let count = 0;
    const { at } = this.next();
    while (this.takeSymbol(["-"]) !== null) count += 1;
    const of = this.primary();
    if (count === 0) return of;
    this.must(of, "number", '"-"');
    return count % 2 === 0 ? of : { kind: "negative", of, at };
  }

  private primary(): ExpressionNode {
    const token = this.take();
    if (token.kind === "number") return { kind: "number", value: token.value, at: token.at };
    if (token.kind === "symbol" && token.text === "(") {
      const inner = this.either();
      this.expect(")", "to close the parenthesis");
      return inner;
    }
    if (token.kind === "name" && !wordsOf.includes(token.text)) return this.call(token);
    if (token.kind === "column")
      throw new Refusal(token.at, `expected a statistic of the column: mean(\`${token.text}\`)`);
    if (token.kind === "text")
      throw new Refusal(token.at, "a text can stand only in share(column, 'text')");
    throw new Refusal(token.at, `expected a number or a function, not ${show(token)}`);
  }

  private call(name: Token): ExpressionNode {
    if (!expressionFunctions.includes(name.text)) {
      const isCalled = this.next().kind === "symbol" && this.next().text === "(";
      throw new Refusal(
        name.at,
        isCalled
          ? `there is no function "${name.text}"; expected one of ${expressionFunctions.join(", ")}`
          : `expected a statistic of the column: mean(${name.text})`,
      );
    }
    this.expect("(", `after ${name.text}`);
    const node = this.callOf(name);
    this.expect(")", `after what ${name.text} takes`);
    return node;
  }

  private callOf({ text, at }: Token): ExpressionNode {
    const statistic = columnStatistics.find((one) => one === text);
    if (statistic !== undefined)
      return { kind: "statistic", statistic, column: this.column(text), at };
    switch (text) {
      case "rows":
        return { kind: "rows", at };
      case "quantile": {
        const column = this.column(text);
        this.expect(",", "and a share from 0 to 1");
        const share = this.take();
        if (share.kind !== "number" || share.value > 1)
          throw new Refusal(share.at, `expected a share from 0 to 1, not ${show(share)}`);
        return { kind: "quantile", column, share: share.value, at };
      }
      case "share": {
        const column = this.column(text);
        this.expect(",", "and a value in quotes");
        const value = this.take();
        if (value.kind !== "text")
          throw new Refusal(value.at, `expected a value in quotes, not ${show(value)}`);
        return { kind: "share", column, value: value.text, at };
      }
      case "if": {
        const test = this.must(this.either(), "truth", "the test of if");
        this.expect(",", "and what it is if so");
        const yes = this.either();
        this.expect(",", "and what it is if not");
        const no = this.must(this.either(), typeOfExpression(yes), "the other side of if");
        return { kind: "if", test, yes, no, at };
      }
      case "reference": {
        if (this.isInReference) throw new Refusal(at, "a reference of a reference is not known");
        this.isInReference = true;
        this.usesReference = true;
        const of = this.either();
        this.isInReference = false;
        return { kind: "reference", of, at };
      }
      default:
        return this.scalar(text, at);
    }
  }

  private scalar(text: string, at: number): ExpressionNode {
    const name = (Object.keys(scalarFunctions) as ScalarFunction[]).find((one) => one === text);
    if (name === undefined) throw new Refusal(at, `there is no function "${text}"`);
    const of = [this.must(this.either(), "number", name)];
    while (of.length < scalarFunctions[name]) {
      this.expect(",", `and another number for ${name}`);
      of.push(this.must(this.either(), "number", name));
    }
    return { kind: "scalar", name, of, at };
  }

  private column(of: string): ColumnName {
    const token = this.take();
    if (token.kind !== "name" && token.kind !== "column")
      throw new Refusal(token.at, `${of} takes the name of a column, not ${show(token)}`);
    if (token.kind === "name" && wordsOf.includes(token.text))
      throw new Refusal(token.at, `"${token.text}" is no column; a column of that name goes in \``);
    const own = token.kind === "name" ? modelColumns.get(token.text) : undefined;
    const column: ColumnName = own
      ? { ...own, at: token.at }
      : { subject: "feature", name: token.text, at: token.at };
    const key = `${column.subject} ${column.name}`;
    if (!this.columns.has(key)) this.columns.set(key, column);
    if (this.columns.size > expressionLimits.columnsMax)
      throw new Refusal(
        token.at,
        `names more than ${expressionLimits.columnsMax} columns; expected fewer`,
      );
    return column;
  }
}

/** Where a place of a text lies, as an editor counts. */
export function placeOfExpression(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
}

export function parseExpression(text: string): ParsedExpression {
  try {
    if (text.length > expressionLimits.lengthMax)
      throw new Refusal(
        expressionLimits.lengthMax,
        `has ${text.length} characters; expected at most ${expressionLimits.lengthMax}`,
      );
    const parser = new Parser(tokenize(text));
    const root = parser.whole();
    const { columns, usesReference } = parser;
    return { kind: "parsed", root, columns: [...columns.values()], usesReference };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      kind: "error",
      error: { ...placeOfExpression(text, error.at), message: error.message },
    };
  }
}
