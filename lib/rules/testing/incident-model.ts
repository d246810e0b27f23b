import type { IncidentStamps } from "#lib/domain/incident.ts";
import { incidentStampNames, isOpenIncident, severities } from "#lib/domain/incident.ts";
import type { NotificationKind } from "#lib/domain/notification.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { defaultIncidentSettings as settings } from "../incident-settings.ts";
import type { LastTold } from "../notify-decision.ts";
import { planMessages } from "../plan-messages.ts";
import type { IncidentEvent, IncidentFacts } from "../step-incident.ts";
import { declaredWith, openedBy, refuseSplit, splitFrom, stepIncident } from "../step-incident.ts";

/** What a receiver of an incident's messages believes. */
interface Receiver {
  isOpen: boolean;
}

interface ModelIncident {
  id: string;
  number: number;
  key: string;
  facts: IncidentFacts;
  told: Map<string, LastTold>;
  sequence: number;
  nextAt: Date | null;
  isHeld: boolean;
  receivers: Map<string, Receiver>;
}

interface Series {
  key: string;
  alertId: string | null;
  /** The key of the incident that took it along when it was split off. */
  splitKey: string | null;
}

const startMs = Date.UTC(2026, 10, 20);
const minuteMs = 60_000;

/** Random interleavings of what monitors, people, silences and the clock do to incidents, with what must hold after each. Throws, with
 *  everything that was done, when something does not. */
export class IncidentModel {
  readonly trail: string[] = [];
  readonly #random: () => number;
  readonly #incidents: ModelIncident[] = [];
  readonly #series: Series[] = ["drift", "drift", "drift", "volume"].map((key) => ({
    key,
    alertId: null,
    splitKey: null,
  }));
  /** Who is to hear of an alert, as it was when it fired. */
  readonly #destinations = new Map<string, string[]>();
  #nowMs = startMs;
  #isSilenced = false;
  #lastId = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i += 1) {
      this.#nowMs += Math.floor(this.#random() ** 4 * 90 * minuteMs);
      this.#act();
      this.#checkAll();
    }
    this.#tick();
    this.#checkTold();
  }

  #act(): void {
    const acts = [
      ...Array(6).fill(() => this.#fire()),
      ...Array(6).fill(() => this.#clear()),
      ...Array(3).fill(() => this.#unknown()),
      ...Array(4).fill(() => this.#tickAndCheck()),
      ...Array(5).fill(() => this.#person()),
      () => this.#silence(),
      () => this.#merge(),
      ...Array(2).fill(() => this.#split()),
      () => this.#statusUpdate(),
      () => this.#declare(),
      () => this.#editStamps(),
    ] as (() => void)[];
    this.#pick(acts)?.();
  }

  get #now(): Date {
    return new Date(this.#nowMs);
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }

  #newId(): string {
    this.#lastId += 1;
    return `id ${this.#lastId}`;
  }

  #fire(): void {
    const series = this.#pick(this.#series);
    if (series === undefined || series.alertId !== null) return;
    const severity = this.#pick(severities) ?? "sev3";
    const alert = { id: this.#newId(), severity, windowMs: 5 * minuteMs };
    this.#say(`fire ${series.key} ${alert.id} ${severity}`);
    series.alertId = alert.id;
    this.#destinations.set(
      alert.id,
      this.#pick([["slack"], ["slack", "pager"], ["mail"], []]) ?? [],
    );
    const event: IncidentEvent = { kind: "alert_fired", alert, sentence: "it fires" };
    const split = series.splitKey === null ? undefined : this.#ofKey(series.splitKey);
    for (const found of [split, this.#ofKey(series.key)]) {
      const target = this.#followMerges(found);
      if (target !== undefined && this.#apply(target, event)) return;
    }
    const began = new Date(this.#nowMs - 10 * minuteMs);
    this.#open(series.key, openedBy(alert, settings, this.#now, began));
  }

  #followMerges(incident: ModelIncident | undefined): ModelIncident | undefined {
    let found = incident;
    for (let i = 0; i < 5 && found?.facts.mergedIntoId != null; i += 1)
      found = this.#ofKey(this.#incidents.find(({ id }) => id === found?.facts.mergedIntoId)?.key);
    return found;
  }

  #ofKey(key: string | undefined): ModelIncident | undefined {
    const own = this.#incidents.filter((one) => one.key === key);
    return own.find(({ facts }) => isOpenIncident(facts.state)) ?? own.at(-1);
  }

  #open(key: string, facts: IncidentFacts): void {
    const incident: ModelIncident = {
      id: this.#newId(),
      number: this.#incidents.length + 1,
      key,
      facts,
      told: new Map(),
      sequence: 0,
      nextAt: null,
      isHeld: false,
      receivers: new Map(),
    };
    this.#incidents.push(incident);
    this.#tell(incident, [], null);
  }

  #clear(): void {
    const series = this.#pick(this.#series.filter(({ alertId }) => alertId !== null));
    if (series?.alertId == null) return;
    this.#say(`clear ${series.alertId}`);
    const alertId = series.alertId;
    const owner = this.#incidents.find(({ facts }) =>
      facts.alerts.some(({ id, state }) => id === alertId && state === "firing"),
    );
    if (owner === undefined) this.#fail(`${alertId} fires and no incident has it`);
    else this.#apply(owner, { kind: "alert_cleared", alertId, sentence: "it is clear" });
    series.alertId = null;
  }

  /** No data and failures reach no incident at all. */
  #unknown(): void {
    this.#say("no data");
  }

  #tickAndCheck(): void {
    this.#tick();
    this.#checkTold();
  }

  #tick(): void {
    this.#say("tick");
    for (const incident of this.#incidents) {
      if (incident.nextAt === null || incident.nextAt > this.#now) continue;
      if (!this.#apply(incident, { kind: "tick" })) this.#tell(incident, [], null);
    }
  }

  #person(): void {
    const incident = this.#pick(this.#incidents.slice(-4));
    if (incident === undefined) return;
    const by = this.#pick(["Ada", "Grace"]) ?? "Ada";
    const severity = this.#pick(severities) ?? "sev3";
    const event = this.#pick<IncidentEvent>([
      { kind: "acknowledge", by },
      { kind: "acknowledge", by },
      { kind: "unacknowledge", by, reason: null },
      { kind: "mitigate", by, reason: null },
      { kind: "resolve", by, reason: "done" },
      { kind: "reopen", by, reason: "it is back" },
      { kind: "close", by, verdict: "data_bug", note: null },
      { kind: "override_severity", by, severity, reason: "known" },
    ]);
    if (event === undefined) return;
    // A key that is open elsewhere can't be opened twice; the service refuses it, and so does the store.
    if (event.kind === "reopen" && this.#openOfKey(incident.key) !== undefined) return;
    const origin = this.#random() < 0.3 ? this.#pick([...incident.receivers.keys()]) : undefined;
    this.#say(`${event.kind} ${incident.number} from ${origin ?? "the console"}`);
    this.#apply(incident, event, origin);
  }

  #openOfKey(key: string): ModelIncident | undefined {
    return this.#incidents.find((one) => one.key === key && isOpenIncident(one.facts.state));
  }

  #silence(): void {
    this.#isSilenced = !this.#isSilenced;
    this.#say(this.#isSilenced ? "a silence begins" : "the silence ends");
  }

  #merge(): void {
    const open = this.#incidents.filter(({ facts }) => isOpenIncident(facts.state));
    const from = this.#pick(open);
    const into = this.#pick(open);
    if (from === undefined || into === undefined || from === into) return;
    this.#say(`merge ${from.number} into ${into.number}`);
    const alerts = from.facts.alerts.filter(({ state }) => state === "firing");
    this.#apply(into, { kind: "absorb", by: "Ada", fromNumber: from.number, alerts });
    this.#apply(from, { kind: "merge", by: "Ada", intoId: into.id, intoNumber: into.number });
  }

  #split(): void {
    const incident = this.#pick(this.#incidents.filter(({ facts }) => isOpenIncident(facts.state)));
    if (incident === undefined) return;
    const chosen = incident.facts.alerts.filter(() => this.#random() < 0.5);
    const alertIds = chosen.map(({ id }) => id);
    const event: IncidentEvent = {
      kind: "split_off",
      by: "Ada",
      alertIds,
      intoNumber: this.#incidents.length + 1,
    };
    if (refuseSplit(incident.facts, alertIds) !== null) {
      if (this.#apply(incident, event)) this.#fail("a split that is refused was made");
      return;
    }
    this.#say(`split ${alertIds.join(", ")} off ${incident.number}`);
    const known = new Set(incident.facts.alerts.map(({ id }) => id));
    const before = { firedAt: incident.facts.stamps.detectedAt, impactStartedAt: null };
    const facts = splitFrom(incident.facts, chosen, { by: "Ada", ...before }, settings, this.#now);
    if (!this.#apply(incident, event)) this.#fail("a split that is allowed was refused");
    const key = this.#newId();
    this.#open(key, facts);
    for (const series of this.#series)
      if (alertIds.includes(series.alertId ?? "")) series.splitKey = key;
    const made = this.#incidents.at(-1);
    for (const { id } of [...incident.facts.alerts, ...(made?.facts.alerts ?? [])])
      known.delete(id);
    if (known.size > 0) this.#fail(`a split lost ${[...known].join(", ")}`);
  }

  /** What a person says reaches everybody who is told of the incident, at once. */
  #statusUpdate(): void {
    const incident = this.#pick(this.#incidents);
    if (incident === undefined) return;
    this.#say(`status update of ${incident.number}`);
    const from = this.trail.length;
    const event = {
      kind: "status_update",
      by: "Ada",
      phase: "identified",
      text: "A feed.",
    } as const;
    const isTaken = this.#apply(incident, event);
    if (isTaken !== isOpenIncident(incident.facts.state)) this.#fail("an update of what is over");
    const isHidden = this.#isSilenced && !incident.facts.endsByHand;
    if (!isTaken || isHidden) return;
    const said = this.trail.slice(from);
    for (const destination of this.#wantedBy(incident))
      if (!said.some((line) => line.includes(`"updated" of ${incident.number} to ${destination}`)))
        this.#fail(`${destination} never hears the update of ${incident.number}`);
  }

  #declare(): void {
    this.#say("declare");
    const declared = { severity: "sev2" as const, reason: "calls", impactStartedAt: null };
    this.#open(this.#newId(), declaredWith(declared, this.#now));
  }

  #editStamps(): void {
    const incident = this.#pick(this.#incidents);
    const name = this.#pick(incidentStampNames);
    if (incident === undefined || name === undefined) return;
    const moment = new Date(this.#nowMs + (this.#random() * 4 - 3) * 60 * minuteMs);
    const stamps: Partial<IncidentStamps> = { [name]: moment };
    this.#say(`move ${name} of ${incident.number}`);
    this.#apply(incident, { kind: "edit_stamps", by: "Ada", stamps, reason: "the log says so" });
  }

  /** False: refused, or nothing to change. */
  #apply(incident: ModelIncident, event: IncidentEvent, origin?: string): boolean {
    const step = stepIncident(incident.facts, event, settings, this.#now);
    if (step.kind !== "changed") return false;
    incident.facts = step.facts;
    for (const series of this.#series)
      if (step.endedAlertIds.includes(series.alertId ?? "")) series.alertId = null;
    this.#tell(incident, step.tells, step.resolvedBy, origin);
    return true;
  }

  #tell(
    incident: ModelIncident,
    tells: Parameters<typeof planMessages>[0]["tells"],
    resolvedBy: "alerts" | "person" | null,
    exceptDestinationId?: string,
  ): void {
    const plan = planMessages({
      incidentId: incident.id,
      facts: incident.facts,
      told: incident.told,
      destinationIds: this.#wantedBy(incident),
      tells,
      resolvedBy,
      exceptDestinationId,
      isSilenced: this.#isSilenced && !incident.facts.endsByHand,
      settings,
      now: this.#now,
    });
    for (const { kind, destinationIds } of plan.messages) {
      incident.sequence += 1;
      if (destinationIds.length === 0) this.#fail("a message without a destination");
      for (const destination of destinationIds) this.#receive(incident, destination, kind);
    }
    const origin =
      exceptDestinationId === undefined ? undefined : incident.receivers.get(exceptDestinationId);
    if (origin !== undefined && !isOpenIncident(incident.facts.state)) origin.isOpen = false;
    incident.told = plan.told;
    incident.nextAt = plan.nextAt;
    incident.isHeld = plan.isHeld;
  }

  #wantedBy({ facts }: ModelIncident): string[] {
    if (facts.endsByHand && facts.alerts.length === 0) return ["slack", "pager"];
    return [...new Set(facts.alerts.flatMap(({ id }) => this.#destinations.get(id) ?? []))];
  }

  #receive(incident: ModelIncident, destination: string, kind: NotificationKind): void {
    const receiver = incident.receivers.get(destination) ?? { isOpen: false };
    incident.receivers.set(destination, receiver);
    const what = `"${kind}" of ${incident.number} to ${destination}`;
    this.#say(`  ${what}`);
    const isHidden = this.#isSilenced && !incident.facts.endsByHand;
    if (isHidden && kind !== "resolved") this.#fail(`${what} during a silence`);
    switch (kind) {
      case "triggered":
      case "reopened":
        if (receiver.isOpen) this.#fail(`${what}, where it is open already`);
        receiver.isOpen = true;
        return;
      case "resolved":
        if (!receiver.isOpen) this.#fail(`${what}, where it is not open`);
        receiver.isOpen = false;
        return;
      default:
        if (!receiver.isOpen) this.#fail(`${what}, where it is not open`);
    }
  }

  #checkAll(): void {
    const openKeys = this.#incidents.flatMap(({ key, facts }) =>
      isOpenIncident(facts.state) ? [key] : [],
    );
    if (new Set(openKeys).size < openKeys.length) this.#fail("two open incidents of one key");
    for (const incident of this.#incidents) this.#check(incident);
    for (const { alertId } of this.#series) {
      if (alertId === null) continue;
      const owners = this.#incidents.filter(({ facts }) =>
        facts.alerts.some(({ id, state }) => id === alertId && state === "firing"),
      );
      if (owners.length !== 1) this.#fail(`${alertId} fires in ${owners.length} incidents`);
    }
  }

  #check({ facts, number, receivers }: ModelIncident): void {
    const present = incidentStampNames.flatMap((name) => facts.stamps[name]?.getTime() ?? []);
    if (present.some((at, i) => at < (present[i - 1] ?? at)))
      this.#fail(`moments of ${number} run back`);
    const isOpen = isOpenIncident(facts.state);
    const firing = facts.alerts.filter(({ state }) => state === "firing");
    if (isOpen && !facts.endsByHand && firing.length === 0)
      this.#fail(`${number} is open for nothing`);
    if (!isOpen && firing.length > 0) this.#fail(`${number} is over and swallows what fires`);
    if (!isOpen && [...receivers.values()].some((one) => one.isOpen))
      this.#fail(`${number} is over, and somebody was not told`);
    const isHeld = facts.acknowledgedBy !== null;
    if (facts.state === "acknowledged" && (!isHeld || facts.stamps.acknowledgedAt === null))
      this.#fail(`${number} is acknowledged by nobody`);
    if (facts.state === "triggered" && isHeld) this.#fail(`${number} is triggered and held`);
    const isEnded = facts.state === "resolved" || facts.state === "closed";
    if (isEnded !== (facts.stamps.resolvedAt !== null) && facts.state !== "merged")
      this.#fail(`${number} is ${facts.state} without the moment, or the other way round`);
  }

  /** After a look at the clock whoever wants to hear of what is open has heard, unless the group wait or a silence holds it. */
  #checkTold(): void {
    for (const incident of this.#incidents) {
      const { facts, receivers, number, nextAt, isHeld } = incident;
      if (!isOpenIncident(facts.state)) continue;
      if (isHeld && (nextAt === null || nextAt.getTime() > this.#nowMs + minuteMs))
        this.#fail(`nobody looks again whether the silence of ${number} has ended`);
      if (isHeld || this.#now < facts.notifyFrom) continue;
      for (const destination of this.#wantedBy(incident))
        if (receivers.get(destination)?.isOpen !== true)
          this.#fail(`${destination} never hears of ${number}`);
    }
  }

  #say(what: string): void {
    this.trail.push(`${this.#now.toISOString()} ${what}`);
  }

  #fail(what: string): never {
    throw new Error(`${what}\n${this.trail.slice(-60).join("\n")}`);
  }
}
