const likeliest =
  "toString(arrayElement(mapKeys(probabilities), indexOf(mapValues(probabilities), arrayMax(mapValues(probabilities)))))";
/** Of two classes the greater by name is scored: "1", "true" and "yes" are. */
const scoredOfTwo = "probabilities[arrayMax(mapKeys(probabilities))]";
const isWhole = "prediction_value = round(prediction_value)";

/** A number as the class of the same name: labels of 0 and 1 are told apart from "0" and "1" by nobody. */
export const nameOf = (number: string) => `toString(${number})`;

/** The class that a stored prediction decided for; '' where it names none. */
export const decisionOf = `multiIf(prediction_label != '', toString(prediction_label), notEmpty(probabilities), ${likeliest},
        isNotNull(prediction_value) AND ${isWhole}, ${nameOf("assumeNotNull(prediction_value)")}, '')`;

/** The score of a stored prediction of two classes; null where it has none. */
export const scoreOf = `multiIf(isNotNull(prediction_score), prediction_score, length(probabilities) BETWEEN 1 AND 2, ${scoredOfTwo},
        isNotNull(prediction_value) AND NOT (${isWhole}), prediction_value, NULL)`;

/** Where a stored item stands among those that were ranked with it: the smaller, the nearer to the top; null where nothing says. */
export const placeOf = "coalesce(toFloat64(rank), -prediction_score, -prediction_value)";
