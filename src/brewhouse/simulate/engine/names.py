"""What people and streets are called in every company."""

from __future__ import annotations

from typing import Final

GIVEN: Final = (
    "Ada", "Amir", "Anna", "Bela", "Boris", "Carla", "Chen", "Daria", "Diego", "Elif", "Emil", "Fatima", "Finn",
    "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kofi", "Lea", "Linh", "Luca", "Maya", "Mina", "Nils",
    "Noor", "Olga", "Omar", "Priya", "Rosa",
)  # fmt: skip
FAMILY: Final = (
    "Adams", "Baker", "Brewer", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haas", "Ito", "Jansen", "Kaya",
    "Keller", "Kim", "Lopez", "Maier", "Moreau", "Novak", "Okafor", "Olsen", "Patel", "Quinn", "Rossi", "Sato",
    "Silva", "Smith", "Tanaka", "Visser", "Weber", "Wong", "Young", "Zhang",
)  # fmt: skip
STREETS: Final = (
    "Main St",
    "Mill Rd",
    "High St",
    "Harbor Way",
    "Station Rd",
    "Market St",
    "Park Ave",
    "Church Ln",
)
