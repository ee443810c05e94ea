"""What the shop sells: 200 products in a tree of 8 categories and 40 subcategories, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from brewhouse.simulate.commerce import parameters as p
from brewhouse.simulate.commerce.vocabulary import values
from brewhouse.simulate.commerce.world import World
from brewhouse.simulate.engine.columns import DAY_MS, choices, dates, integers, money, timestamps
from brewhouse.simulate.engine.schema import Columns
from brewhouse.simulate.engine.streams import Stream, below
from brewhouse.simulate.engine.tables import categories

Ints = NDArray[np.int64]

TREE: Final[dict[str, tuple[int, dict[str, int]]]] = {
    "brewing_kits": (13, {
        "Extract Kit": 4_900, "All-Grain Kit": 8_900, "Cider Kit": 4_500, "Mead Kit": 5_200, "Starter Set": 11_900,
    }),
    "ingredients": (22, {
        "Base Malt": 1_400, "Specialty Malt": 1_200, "Hops": 900, "Yeast": 800, "Adjuncts": 700,
    }),
    "fermentation": (14, {
        "Fermenter": 7_900, "Airlock": 600, "Hydrometer": 1_500, "Heating Belt": 3_200, "Siphon": 1_700,
    }),
    "mash_and_boil": (11, {
        "Kettle": 14_900, "Mash Tun": 16_900, "Grain Mill": 9_900, "Wort Chiller": 7_400, "Thermometer": 1_900,
    }),
    "kegs_and_taps": (11, {
        "Keg": 10_900, "Tap": 4_900, "Regulator": 6_500, "Gas Line": 1_400, "Keg Washer": 5_900,
    }),
    "bottling": (10, {
        "Bottles": 2_200, "Bottle Caps": 700, "Capper": 3_400, "Bottle Filler": 1_600, "Labels": 900,
    }),
    "glassware": (11, {
        "Pint Glass": 1_200, "Tulip Glass": 1_500, "Growler": 2_900, "Tasting Set": 3_300, "Stein": 2_600,
    }),
    "cleaning": (8, {
        "Sanitizer": 1_100, "Bottle Brush": 700, "Line Cleaner": 1_300, "Drying Rack": 2_700, "Gloves": 800,
    }),
}  # fmt: skip
"""By category its weight, and the usual price in cents of each of its subcategories."""

LEVELS: Final = (("Basic", 60), ("Classic", 85), ("Plus", 110), ("Pro", 165), ("Master", 260))
"""The five products of a subcategory, and their price in percent of its usual one."""

BRANDS: Final = ("Northgate", "Hopfield", "Copperline", "Millstone", "Old Quay", "Bright & Sons")
ADD_RATES_PCT: Final = (35, 45, 55, 65)
LEADER, PARTNER = 0, 1
"""Levels of the two products of a planted affinity."""

AFFINITIES: Final = (
    ("Extract Kit", "Airlock"), ("All-Grain Kit", "Thermometer"), ("Cider Kit", "Bottles"),
    ("Mead Kit", "Tulip Glass"), ("Starter Set", "Hydrometer"), ("Base Malt", "Grain Mill"),
    ("Specialty Malt", "Wort Chiller"), ("Hops", "Gas Line"), ("Yeast", "Heating Belt"), ("Adjuncts", "Labels"),
    ("Fermenter", "Sanitizer"), ("Siphon", "Bottle Filler"), ("Kettle", "Gloves"), ("Mash Tun", "Base Malt"),
    ("Grain Mill", "Specialty Malt"), ("Thermometer", "Kettle"), ("Keg", "Regulator"), ("Tap", "Line Cleaner"),
    ("Bottles", "Bottle Caps"), ("Capper", "Drying Rack"), ("Labels", "Growler"), ("Pint Glass", "Bottle Brush"),
    ("Stein", "Keg Washer"), ("Tasting Set", "Pint Glass"),
)  # fmt: skip
"""Whoever takes the leader of the first subcategory often adds the partner of the second."""

FEATURES: Final = ("dishwasher safe", "food grade", "two-year warranty", "recyclable", "made to order")


@dataclass(frozen=True)
class Catalog:
    """The products, a row each; their numbers run by category, subcategory and level."""

    category: Ints
    subcategory: Ints
    level: Ints
    brand: Ints
    price: Ints
    """Cents."""
    cost: Ints
    stock: Ints
    quality: Ints
    """Latent, 0 to 65,535: what reviews are about."""

    def __len__(self) -> int:
        return len(self.price)


@cache
def subcategories() -> tuple[str, ...]:
    """All subcategories, by category."""
    return tuple(name for category in values("product_categories") for name in TREE[category][1])


def product_ids(product: Ints) -> pa.Array:
    """PROD_001 to PROD_200."""
    return choices(
        product, [f"PROD_{number + 1:03d}" for number in range(len(LEVELS) * len(subcategories()))]
    )


@cache
def catalog(world: World) -> Catalog:
    """The catalogue of a world, the same in all blocks."""
    names = values("product_categories")
    product = np.arange(len(LEVELS) * len(subcategories()))
    subcategory, level = np.divmod(product, len(LEVELS))
    draw = Stream(world.seed, "commerce.catalog@v1").lanes32(len(product))
    usual = np.array([cents for name in names for cents in TREE[name][1].values()], np.int64)
    price = usual[subcategory] * np.array([percent for _, percent in LEVELS])[level] // 100
    price = price * (90 + below(draw[:, 0], 21)) // 1_000 * 10 + 9
    return Catalog(
        category=subcategory // (len(subcategories()) // len(names)),
        subcategory=subcategory,
        level=level,
        brand=below(draw[:, 1], len(BRANDS)),
        price=price,
        cost=price * (42 + below(draw[:, 2], 31)) // 100,
        stock=below(draw[:, 3], 400) * below(draw[:, 4], 2**16) >> 16,
        quality=below(draw[:, 5], 2**16),
    )


@cache
def product_names(world: World) -> tuple[str, ...]:
    """What each product is called; no two are called alike."""
    goods = catalog(world)
    return tuple(
        f"{BRANDS[brand]} {subcategories()[subcategory]} {LEVELS[level][0]}"
        for brand, subcategory, level in zip(
            goods.brand.tolist(), goods.subcategory.tolist(), goods.level.tolist(), strict=True
        )
    )


@cache
def choice_tables() -> tuple[Ints, NDArray[np.int16]]:
    """Tables of 2**16 cells: the category of a line, and by segment and category its product."""
    names, segments = values("product_categories"), values("customer_segments")
    count = len(subcategories()) // len(names)
    of_category = categories([TREE[name][0] for name in names])
    size = count * len(LEVELS)
    products = np.empty((len(segments), len(names), 1 << 16), np.int16)
    for segment, name in enumerate(segments):
        cells = categories(p.LEVEL_WEIGHTS[name] * count)
        for category in range(len(names)):
            products[segment, category] = category * size + cells
    return of_category, products


@cache
def partners() -> tuple[Ints, Ints]:
    """Per product its partner (-1: none), and how often it is added, of 65,536."""
    place = {name: number for number, name in enumerate(subcategories())}
    count = len(place) * len(LEVELS)
    partner, rate = np.full(count, -1), np.zeros(count, np.int64)
    for number, (first, second) in enumerate(AFFINITIES):
        leader = place[first] * len(LEVELS) + LEADER
        partner[leader] = place[second] * len(LEVELS) + PARTNER
        rate[leader] = ADD_RATES_PCT[number % len(ADD_RATES_PCT)] * 65_536 // 100
    return partner, rate


def products_table(world: World) -> Columns:
    """The table product_catalog, clean."""
    goods, words = catalog(world), subcategories()
    product = np.arange(len(goods))
    names = product_names(world)
    texts = [f"{name}: {FEATURES[number % len(FEATURES)]}" for number, name in enumerate(names)]
    categories_of = values("product_categories")
    shelves = [f"The {LEVELS[level][0].lower()} {words[row].lower()}." for row, level in zip(
        goods.subcategory.tolist(), goods.level.tolist(), strict=True)]  # fmt: skip
    start = world.first_day
    return product, {
        "product_id": product_ids(product),
        "product_name": choices(product, names),
        "product_category": choices(goods.category, categories_of),
        "product_subcategory": choices(goods.subcategory, words),
        "brand": choices(goods.brand, BRANDS),
        "supplier_id": choices(goods.brand, [f"SUP_{number + 1:02d}" for number in range(len(BRANDS))]),
        "description": pa.array(shelves),
        "features": pa.array(texts),
        "price": money(goods.price, 10),
        "cost": money(goods.cost, 10),
        "stock_quantity": integers(goods.stock),
        "reorder_level": integers(20 + 5 * (len(LEVELS) - goods.level)),
        "created_date": dates(np.full(len(goods), start)),
        "updated_at": timestamps(start * DAY_MS + product * 1_000),
    }
