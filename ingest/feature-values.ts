import type { RowWriter } from "#db/clickhouse/row-writer.ts";
import { wireLimits } from "#lib/domain/limits.ts";
import { nonFiniteTokens } from "#lib/domain/wire.ts";
import type { FeatureState, ModelState } from "./catalogue.ts";
import { featureOf } from "./catalogue.ts";
import type { NameCache } from "./name-cache.ts";
import type { RecordBuilder } from "./record-builder.ts";
import { isJsonObject, textProblem } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { nameProblem, problem, wrongType } from "./row-problem.ts";

/** One row's features by kind, in arrays that are used again for the next row. */
export class FeatureValues {
  readonly #numeric: FeatureState[] = [];
  readonly #numericValues: number[] = [];
  readonly #strings: FeatureState[] = [];
  readonly #stringValues: string[] = [];
  readonly #booleans: FeatureState[] = [];
  readonly #booleanValues: boolean[] = [];
  readonly #nulls: FeatureState[] = [];

  read(features: unknown, model: ModelState, names: NameCache): RowProblem | null {
    this.#clear();
    if (features === undefined || features === null) return null;
    if (!isJsonObject(features)) return wrongType("features", "an object", features);
    let count = 0;
    for (const key in features) {
      if (++count > wireLimits.featuresPerRowMax) {
        return problem(
          "too_many",
          "features",
          `has more than ${wireLimits.featuresPerRowMax} entries`,
        );
      }
      const feature = featureOf(model, names, key);
      if (typeof feature === "string") return nameProblem(`features.${key}`, feature);
      const found = this.#add(feature, features[key]);
      if (found !== null) return found;
    }
    return null;
  }

  /** Four columns, in the order of the insert. Nothing here can refuse the row any more. */
  write(writer: RowWriter): void {
    writer.varint(this.#numeric.length);
    for (let i = 0; i < this.#numeric.length; i++) {
      writer.raw((this.#numeric[i] as FeatureState).name.bytes);
      writer.float64(this.#numericValues[i] as number);
    }
    writer.varint(this.#strings.length);
    for (let i = 0; i < this.#strings.length; i++) {
      writer.raw((this.#strings[i] as FeatureState).name.bytes);
      writer.string(this.#stringValues[i] as string);
    }
    writer.varint(this.#booleans.length);
    for (let i = 0; i < this.#booleans.length; i++) {
      writer.raw((this.#booleans[i] as FeatureState).name.bytes);
      writer.byte(this.#booleanValues[i] === true ? 1 : 0);
    }
    writer.varint(this.#nulls.length);
    for (const feature of this.#nulls) writer.raw(feature.name.bytes);
  }

  /** The model serves these features, and what was served says their types. */
  register(builder: RecordBuilder, model: ModelState): void {
    for (const feature of this.#numeric) builder.sawFeature(model, feature, "numeric");
    for (const feature of this.#strings) builder.sawFeature(model, feature, "categorical");
    for (const feature of this.#booleans) builder.sawFeature(model, feature, "boolean");
  }

  #clear(): void {
    this.#numeric.length = 0;
    this.#numericValues.length = 0;
    this.#strings.length = 0;
    this.#stringValues.length = 0;
    this.#booleans.length = 0;
    this.#booleanValues.length = 0;
    this.#nulls.length = 0;
  }

  #add(feature: FeatureState, value: unknown): RowProblem | null {
    if (typeof value === "number") return this.#addNumber(feature, value);
    if (typeof value === "string") return this.#addString(feature, value);
    if (typeof value === "boolean") {
      this.#booleans.push(feature);
      this.#booleanValues.push(value);
      return null;
    }
    if (value === null) {
      this.#nulls.push(feature);
      return null;
    }
    return wrongType(
      `features.${feature.name.text}`,
      "a number, a string, true, false or null",
      value,
    );
  }

  #addNumber(feature: FeatureState, value: number): RowProblem | null {
    if (!Number.isFinite(value)) {
      return problem(
        "invalid_value",
        `features.${feature.name.text}`,
        "is too large for a 64-bit float",
      );
    }
    this.#numeric.push(feature);
    this.#numericValues.push(value);
    return null;
  }

  #addString(feature: FeatureState, value: string): RowProblem | null {
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") {
      this.#numeric.push(feature);
      this.#numericValues.push(nonFiniteTokens[value]);
      return null;
    }
    const { stringValueBytesMax } = wireLimits;
    const isSafe = value.length * 3 <= stringValueBytesMax && value.isWellFormed();
    const found = isSafe
      ? null
      : textProblem(`features.${feature.name.text}`, value, stringValueBytesMax);
    if (found !== null) return found;
    this.#strings.push(feature);
    this.#stringValues.push(value);
    return null;
  }
}
