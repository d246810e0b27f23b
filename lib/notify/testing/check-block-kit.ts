/** What Slack would refuse of a message, in words. Written from Slack's own limits and not from the renderer's, so that a wrong figure
 *  there is seen here. A length is counted in UTF-16 units, the stricter of what it may count. */
export function checkBlockKit(message: unknown): string[] {
  const problems: string[] = [];
  let textLength = 0;
  const root = record(message);
  const say = (path: string, problem: string) => problems.push(`${problem} [json-pointer:${path}]`);

  const text = root.text;
  if (typeof text !== "string" || text.trim() === "") say("/text", "no_text");
  else if (text.length > 40_000) say("/text", "must be less than 40001 characters");
  checkWellFormed("/text", text);
  const blocks = root.blocks === undefined ? [] : list(root.blocks);
  if (blocks.length > 50) say("/blocks", "must be at most 50 blocks");
  const ids = new Set<unknown>();
  for (const [index, block] of blocks.entries()) checkBlock(`/blocks/${index}`, record(block));
  if (textLength > 13_000) say("/blocks", "msg_blocks_too_long");
  return problems;

  function checkBlock(path: string, block: Record<string, unknown>): void {
    const { type, block_id: id } = block;
    if (id !== undefined) {
      if (ids.has(id)) say(path, "block_id is used twice");
      ids.add(id);
      bounded(`${path}/block_id`, id, 1, 255);
    }
    switch (type) {
      case "header":
        checkText(`${path}/text`, block.text, 150, ["plain_text"]);
        break;
      case "section":
        if (block.text === undefined && block.fields === undefined) say(path, "has text or fields");
        if (block.text !== undefined) checkText(`${path}/text`, block.text, 3_000);
        if (block.fields !== undefined) checkTexts(`${path}/fields`, block.fields, 10, 2_000);
        break;
      case "context":
        checkTexts(`${path}/elements`, block.elements, 10, 3_000);
        break;
      case "actions":
        for (const [index, each] of counted(`${path}/elements`, block.elements, 25).entries())
          checkButton(`${path}/elements/${index}`, record(each));
        break;
      default:
        say(path, `unsupported type: ${String(type)}`);
    }
  }

  function checkTexts(path: string, value: unknown, countMax: number, lengthMax: number): void {
    for (const [index, each] of counted(path, value, countMax).entries())
      checkText(`${path}/${index}`, each, lengthMax);
  }

  function checkButton(path: string, button: Record<string, unknown>) {
    if (button.type !== "button") say(path, "expected a button");
    checkText(`${path}/text`, button.text, 75, ["plain_text"]);
    bounded(`${path}/action_id`, button.action_id, 1, 255);
    if (button.value !== undefined) bounded(`${path}/value`, button.value, 1, 2_000);
    if (button.url !== undefined) bounded(`${path}/url`, button.url, 1, 3_000);
    if (button.style !== undefined && button.style !== "primary" && button.style !== "danger")
      say(`${path}/style`, "expected primary or danger");
    if (button.confirm === undefined) return;
    const confirm = record(button.confirm);
    checkText(`${path}/confirm/title`, confirm.title, 100, ["plain_text"]);
    checkText(`${path}/confirm/text`, confirm.text, 300);
    checkText(`${path}/confirm/confirm`, confirm.confirm, 30, ["plain_text"]);
    checkText(`${path}/confirm/deny`, confirm.deny, 30, ["plain_text"]);
  }

  function checkText(
    path: string,
    value: unknown,
    lengthMax: number,
    types: readonly string[] = ["plain_text", "mrkdwn"],
  ) {
    const object = record(value);
    if (!types.includes(String(object.type))) say(`${path}/type`, `expected ${types.join(" or ")}`);
    bounded(`${path}/text`, object.text, 1, lengthMax);
    const words = typeof object.text === "string" ? object.text : "";
    textLength += words.length;
    if (words.trim() === "") say(`${path}/text`, "must be more than 0 characters");
    checkWellFormed(`${path}/text`, words);
    if (object.type === "mrkdwn" && hasBareSign(words)) say(path, "& < > must be escaped");
  }

  function checkWellFormed(path: string, value: unknown) {
    if (typeof value === "string" && !value.isWellFormed()) say(path, "half of a surrogate pair");
  }

  function bounded(path: string, value: unknown, min: number, max: number) {
    if (typeof value !== "string") {
      say(path, "expected a string");
      return;
    }
    if (value.length < min) say(path, `must be more than ${min - 1} characters`);
    if (value.length > max) say(path, `must be less than ${max + 1} characters`);
  }

  function counted(path: string, value: unknown, max: number): unknown[] {
    const items = list(value);
    if (items.length === 0) say(path, "must have at least 1 item");
    if (items.length > max) say(path, `must have at most ${max} items`);
    return items;
  }
}

/** What is neither an entity nor a link of our own. */
function hasBareSign(text: string): boolean {
  const rest = text.replace(/&(amp|lt|gt);/g, "").replace(/<https?:\/\/[^<>|]+(\|[^<>|]+)?>/g, "");
  return /[&<>]/.test(rest);
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
