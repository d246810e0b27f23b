/** What a row of predictions answered, as the product judges it: the class that was decided ('' is none) and the score. */

/** A number as the class of the same name: labels of 0 and 1 are told apart from "0" and "1" by nobody. */
export const nameOfNumber = (number: string) => `toString(${number})`;

const likeliest =
  "toString(arrayElement(mapKeys(probabilities), indexOf(mapValues(probabilities), arrayMax(mapValues(probabilities)))))";
/** Of two classes the greater by name is scored: "1", "true" and "yes" are. */
const scoredOfTwo = "probabilities[arrayMax(mapKeys(probabilities))]";
const isWhole = "prediction_value = round(prediction_value)";

export const decisionOfRow = `multiIf(prediction_label != '', toString(prediction_label), notEmpty(probabilities), ${likeliest},
        isNotNull(prediction_value) AND ${isWhole}, ${nameOfNumber("assumeNotNull(prediction_value)")}, '')`;

export const scoreOfRow = `multiIf(isNotNull(prediction_score), prediction_score, length(probabilities) BETWEEN 1 AND 2, ${scoredOfTwo},
        isNotNull(prediction_value) AND NOT (${isWhole}), prediction_value, NULL)`;
