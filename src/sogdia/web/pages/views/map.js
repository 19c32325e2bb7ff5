// @ts-check
/** Map: freight, electricity or projects of a run, of the one it is compared with, or the difference. */

import { colourLegend, widthLegend } from "../components/legend.js";
import { MapCanvas, hasWebGl, nameMarker } from "../components/map-canvas.js";
import { showDetails } from "../components/map-details.js";
import { pie, pieRadius } from "../components/pie.js";
import { savePrintMap } from "../components/print-map.js";
import { noRuns, runPicker } from "../components/run-picker.js";
import { createTable, localSource } from "../components/table.js";
import { append, fill, h, save, select } from "../modules/dom.js";
import { words } from "../modules/format.js";
import { compose } from "../modules/picture.js";
import { chosenRuns, runNames } from "../modules/runs.js";
import { middleOf } from "../modules/shapes.js";

const THEMES = [
    { value: "freight", label: "Freight" },
    { value: "power", label: "Electricity" },
    { value: "projects", label: "Projects" },
];
const AREAS = [
    { value: "", label: "nothing" },
    { value: "transit", label: "transit freight" },
    { value: "gain", label: "gain of home countries" },
    { value: "price", label: "electricity price" },
];
const COLUMNS = /** @type {import("../components/table.js").Column[]} */ ([
    { name: "kind", label: "Kind" },
    { name: "name", label: "Name" },
    { name: "detail", label: "Mode or status" },
    { name: "value", label: "Value", kind: "number", show: (_, row) => row[5] },
    { name: "more", label: "Queue, use, or owner" },
]);

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
    const { api, state } = context;
    const [region, mapBase, runs] = await Promise.all([api.once("region"), api.once("map/base"), api.get("runs", {}, context)]);
    const base = { ...mapBase, homes: region.homes.map((/** @type {any} */ home) => home.id) };
    const view = new MapView(element, context, base, runs);
    const end = state.subscribe((changed) => {
        if (changed.some((key) => key !== "at" && key !== "view")) void view.update(changed);
    });
    await view.open();
    return () => {
        end();
        view.canvas?.close();
    };
}

class MapView {
    /**
     * @param {HTMLElement} element
     * @param {import("../modules/main.js").Context} context
     * @param {any} base
     * @param {import("../modules/runs.js").RunInfo[]} runs
     */
    constructor(element, context, base, runs) {
        this.context = context;
        this.base = base;
        this.runs = runs;
        /** @type {import("../modules/picture.js").Picture | null} */
        this.picture = null;
        /** @type {MapCanvas | null} */
        this.canvas = null;
        this.turn = 0;
        this.controls = h("div", { class: "bar" });
        this.place = h("div", { class: "map-place" });
        this.legend = h("div", { class: "map-legend", tabindex: 0, role: "region", "aria-label": "Legend" });
        this.details = h("aside", { class: "map-details", "aria-label": "Details", "aria-live": "polite" });
        this.list = createTable(localSource(COLUMNS, []), {
            caption: "On this map",
            pageSize: 12,
            key: (row) => `${row[6]}:${row[7]}`,
            shown: (column) => COLUMNS.some((each) => each.name === column.name),
            onSelect: (key) => this.pick(key),
            onHover: (key) => this.mark(key),
        });
        fill(
            element,
            h("div", { class: "view-head" }, h("h1", {}, "Map"), this.#files()),
            this.controls,
            runs.length ? null : noRuns(),
            h("div", { class: "map-frame" }, h("div", { class: "map-left" }, this.place, this.legend), this.details),
            h("p", { class: "note" }, base.notes.join(" ")),
            this.list.element,
        );
    }

    async open() {
        const { state } = this.context;
        if (hasWebGl()) {
            this.canvas = new MapCanvas(this.place, this.base, {
                onPick: (picked) => this.pick(picked ? `${picked.kind}:${picked.id}` : null),
                describe: (picked) => this.describe(picked),
                onMove: (at) => state.set({ at }),
            });
            await this.canvas.open(state.get("at"));
        } else {
            fill(
                this.place,
                h(
                    "p",
                    { class: "notice" },
                    "This browser draws no WebGL, which the map needs. The list below and the printed map (SVG) have the same data.",
                ),
            );
        }
        await this.update(["run"]);
    }

    #files() {
        const print = async (/** @type {"svg" | "png"} */ format) => {
            if (this.picture) await savePrintMap(this.base, this.picture, this.title(), format);
        };
        return h(
            "span",
            { class: "files" },
            h("button", { type: "button", "aria-label": "Save map as SVG", onclick: () => void print("svg") }, "SVG"),
            h("button", { type: "button", "aria-label": "Save map as PNG", onclick: () => void print("png") }, "PNG"),
            h(
                "button",
                { type: "button", "aria-label": "Save results of the run as GeoPackage", onclick: () => void this.#geoPackage() },
                "GeoPackage",
            ),
            h("button", { type: "button", onclick: () => void this.#copyLink() }, "Copy link"),
        );
    }

    async #geoPackage() {
        const { run } = this.chosen();
        if (!run) return;
        try {
            const { content, name } = await this.context.api.file(`runs/${run.id}/export`, { format: "gpkg" });
            save(content, name);
        } catch (error) {
            this.context.notify(error instanceof Error ? error.message : String(error));
        }
    }

    async #copyLink() {
        try {
            await navigator.clipboard.writeText(window.location.href);
            this.context.notify("The link to this view is on the clipboard.");
        } catch {
            this.context.notify("The browser refused the clipboard; the address bar has the link.");
        }
    }

    chosen() {
        const { state } = this.context;
        return chosenRuns(this.runs, state.get("run"), state.get("minus"));
    }

    /** @returns {import("../modules/flows.js").Show} */
    show() {
        const asked = this.context.state.get("show");
        if (!this.chosen().minus) return "run";
        return asked === "minus" || asked === "difference" ? asked : "run";
    }

    title() {
        const names = runNames(this.runs);
        const { run, minus } = this.chosen();
        const name = (/** @type {{id: string} | undefined} */ each) => (each ? (names.get(each.id) ?? each.id) : "");
        const theme = THEMES.find((each) => each.value === this.context.state.get("theme", "freight"))?.label ?? "";
        if (!run) return theme;
        return `${theme}: ${{ run: name(run), minus: name(minus), difference: `${name(run)} minus ${name(minus)}` }[this.show()]}`;
    }

    /** @param {string[]} changed */
    async update(changed) {
        this.turn += 1;
        const own = this.turn;
        this.#drawControls();
        if (changed.length === 1 && changed[0] === "pick") {
            this.#showPicked();
            return;
        }
        const { api, state, notify } = this.context;
        const { run, minus } = this.chosen();
        const commodity = state.get("commodity");
        try {
            const flows = run ? await api.once(`runs/${run.id}/map`, { minus: minus?.id }) : null;
            const tonnesOf = run && commodity ? await this.#commodityTonnes(commodity) : undefined;
            if (own !== this.turn) return;
            this.flows = flows;
            this.picture = compose(this.base, flows, {
                show: this.show(),
                theme: /** @type {any} */ (state.get("theme", "freight")),
                mode: state.get("mode"),
                area: state.get("area"),
                tonnesOf,
            });
            this.#draw();
        } catch (error) {
            if (own === this.turn) notify(error instanceof Error ? error.message : String(error));
        }
    }

    /** @param {string} commodity */
    async #commodityTonnes(commodity) {
        const { run, minus } = this.chosen();
        const read = async (/** @type {string | undefined} */ id) => {
            if (!id) return new Map();
            const page = await this.context.api.once(`runs/${id}/tables/link_commodities`, {
                commodity,
                limit: 10_000,
                columns: "link,tonnes",
            });
            return new Map(page.rows);
        };
        const show = this.show();
        const [own, other] = await Promise.all([
            read(show === "minus" ? minus?.id : run?.id),
            read(show === "difference" ? minus?.id : undefined),
        ]);
        return (/** @type {string} */ link) => (own.get(link) ?? 0) - (other.get(link) ?? 0);
    }

    #drawControls() {
        const { state } = this.context;
        const chosen = this.chosen();
        const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.name : undefined;
        const theme = state.get("theme", "freight");
        const modes = [...new Set(this.base.links.features.map((/** @type {any} */ link) => link.properties.mode))].map(String);
        fill(this.controls);
        append(this.controls, [
            ...(this.runs.length ? runPicker(this.runs, chosen, (values) => state.set(values, { push: true })) : []),
            chosen.minus ? this.#radios() : null,
            select("Theme", THEMES, theme, (value) => state.set({ theme: value, pick: null }, { push: true })),
            theme === "freight" &&
                select(
                    "Mode",
                    [{ value: "", label: "all" }, ...modes.map((mode) => ({ value: mode, label: words(mode) }))],
                    state.get("mode"),
                    (mode) => state.set({ mode }),
                ),
            theme === "freight" && this.#commodities(),
            select("Colour countries by", AREAS, state.get("area"), (area) => state.set({ area })),
        ]);
        this.controls.querySelectorAll("select, input").forEach((each, at) => {
            /** @type {HTMLElement} */ (each).dataset.name = String(at);
        });
        if (focused) /** @type {HTMLElement | null} */ (this.controls.querySelector(`[data-name="${focused}"]`))?.focus();
    }

    #commodities() {
        const { state, api } = this.context;
        const field = select("Commodity", [{ value: "", label: "all" }], "", (commodity) => state.set({ commodity }));
        const list = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
        void api.once("region/tables/commodities", { limit: 200 }).then(
            (page) => {
                const at = page.columns.findIndex((/** @type {any} */ column) => column.name === "name");
                const key = page.columns.findIndex((/** @type {any} */ column) => column.is_key);
                append(
                    list,
                    page.rows.map((/** @type {any[]} */ row) =>
                        h("option", { value: row[Math.max(0, key)] }, row[at] ?? words(String(row[0]))),
                    ),
                );
                list.value = state.get("commodity");
            },
            () => field.remove(),
        );
        return field;
    }

    #radios() {
        const { state } = this.context;
        const current = this.show();
        const entries = [
            ["run", "Run"],
            ["minus", "Compared run"],
            ["difference", "Difference"],
        ];
        return h(
            "fieldset",
            { class: "segments" },
            h("legend", {}, "Show"),
            entries.map(([value, label]) =>
                h(
                    "label",
                    {},
                    h("input", {
                        type: "radio",
                        name: "show",
                        value,
                        checked: value === current,
                        onchange: () => state.set({ show: value }),
                    }),
                    h("span", {}, label),
                ),
            ),
        );
    }

    #draw() {
        const { picture, canvas } = this;
        if (!picture) return;
        fill(
            this.legend,
            picture.legend.map((part) =>
                h(
                    "div",
                    {},
                    h("h3", {}, part.title),
                    colourLegend(part.colours, { shape: part.shape }),
                    part.widths.length ? widthLegend(part.widths) : null,
                ),
            ),
        );
        const rows = picture.items.map((item) => [
            words(item.kind),
            item.name,
            item.detail,
            item.value,
            item.more,
            item.text,
            item.kind,
            item.id,
        ]);
        this.list.update(localSource([...COLUMNS, { name: "text" }, { name: "of" }, { name: "id" }], rows));
        if (canvas) {
            canvas.setCountries(picture.fillOf);
            canvas.setNetwork(picture.network);
            canvas.setLines("freight", picture.freight);
            canvas.setLines("power", picture.power);
            canvas.setArrows(picture.arrows);
            canvas.setPoints(picture.points);
            canvas.setMarkers([...this.#names(), ...this.#pies()]);
        }
        this.#showPicked();
    }

    #names() {
        const homes = new Set(this.base.homes);
        const countries = this.base.zones.features.length
            ? this.base.countries.features.filter((/** @type {any} */ country) => homes.has(country.properties.iso3))
            : [];
        return countries.map((/** @type {any} */ country) => ({
            at: middleOf(country.geometry),
            element: nameMarker(country.properties.name, "country"),
        }));
    }

    #pies() {
        const pies = this.picture?.pies ?? [];
        const largest = Math.max(0, ...pies.map((each) => each.value));
        return pies.map((each) => {
            const radius = pieRadius(each.value, largest);
            return { at: each.at, element: h("span", { class: "map-pie", title: each.name }, pie(each.mix, radius)) };
        });
    }

    /** @param {string | null} key Kind and id, `link:…`. */
    pick(key) {
        this.context.state.set({ pick: key });
    }

    #showPicked() {
        const key = this.context.state.get("pick");
        this.list.highlight(new Set([key]));
        this.mark(null);
        const { run, minus } = this.chosen();
        showDetails(this.details, this.context, {
            key,
            base: this.base,
            flows: this.flows,
            show: this.show(),
            run,
            minus,
            item: this.picture?.items.find((item) => `${item.kind}:${item.id}` === key),
        });
        const item = this.picture?.items.find((each) => `${each.kind}:${each.id}` === key);
        if (item) this.canvas?.reveal(item.geometry);
    }

    /** @param {string | null} hovered Mark the picked feature and the one of the row under the pointer. */
    mark(hovered) {
        const keys = [this.context.state.get("pick"), hovered ?? ""].filter(Boolean);
        const items = this.picture?.items.filter((item) => keys.includes(`${item.kind}:${item.id}`)) ?? [];
        this.canvas?.mark(items);
    }

    /** @param {{kind: string, id: string}} picked */
    describe(picked) {
        const item = this.picture?.items.find((each) => each.kind === picked.kind && each.id === picked.id);
        return item ? [item.name, item.text, item.more].filter(Boolean).join(" · ") : picked.id;
    }
}
