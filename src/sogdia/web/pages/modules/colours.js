// @ts-check
/** Colours: Okabe & Ito (2008), which colour-blind readers can tell apart, and two scales. */

export const INK = "#1d2733";
export const SOFT = "#5b6673";
export const FAINT = "#c9ced6";
export const BLUE = "#0072b2";
export const ORANGE = "#e69f00";
export const SKY = "#56b4e9";
export const GREEN = "#009e73";
export const YELLOW = "#f0e442";
export const VERMILION = "#d55e00";
export const PURPLE = "#cc79a7";
export const GREY = "#8a93a0";

/** Categories in their order of use. */
export const CATEGORIES = [BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW, INK, GREY];

/** @type {Record<string, string>} Modes of freight. */
export const MODES = { rail: BLUE, road: ORANGE, ferry: SKY, sea: GREEN, inland_water: GREEN, pipeline: PURPLE, air: GREY };

/** Decrease and increase. */
export const DECREASE = VERMILION;
export const INCREASE = BLUE;

/** Scale from low to high, in the manner of viridis. */
export const SEQUENTIAL = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];

/** @type {Record<string, string>} Carriers of electricity. */
const CARRIERS = {
  coal: "#4d4d4d",
  lignite: "#6b5b4b",
  gas: VERMILION,
  gas_ocgt: "#f4a582",
  gas_ccgt: VERMILION,
  oil: "#8c510a",
  hydro: BLUE,
  hydro_reservoir: BLUE,
  run_of_river: SKY,
  ror: SKY,
  solar: YELLOW,
  wind: GREEN,
  nuclear: PURPLE,
  biomass: "#6a8f2f",
  battery: "#b39ddb",
  import: GREY,
  unserved: "#000000",
};

/**
 * Return the colour of a mode.
 * @param {string} mode
 */
export function modeColour(mode) {
  return MODES[mode] ?? GREY;
}

/**
 * Return the colour of a technology or fuel: that of a longer name which begins or ends with a known one, else grey.
 * @param {string} name
 */
export function carrierColour(name) {
  const known = name.toLowerCase();
  if (CARRIERS[known]) return CARRIERS[known];
  const partly = Object.keys(CARRIERS).find((carrier) => known.split("_").includes(carrier));
  return partly ? CARRIERS[partly] : GREY;
}
