"""The same seed gives the same bytes: on any number of workers, twice, and as on record."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from brewhouse.errors import ChangedFileError
from brewhouse.simulate.engine.dataset import DataSet, changed_file, encode, missing_file, read_manifest
from brewhouse.simulate.engine.work import make_dataset
from brewhouse.simulate.sandbox.company import Sandbox
from brewhouse.simulate.sandbox.world import World

GOLDEN = Path(__file__).parents[1] / "golden" / "sandbox.json"
"""Digests of the rows' content (not of Parquet's bytes, which belong to the writer's version)."""


def hashes(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.parquet"))
    }


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of four blocks, made by one worker."""
    root = tmp_path_factory.mktemp("alone")
    make_dataset(Sandbox(World(scale=5)), root, workers=1)
    return root


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_writes_the_same_files(alone: Path, tmp_path: Path, workers: int) -> None:
    make_dataset(Sandbox(World(scale=5)), tmp_path, workers=workers)
    assert hashes(tmp_path) == hashes(alone)
    assert (tmp_path / "manifest.json").read_text() == (alone / "manifest.json").read_text()


def test_blocks_may_be_made_in_any_order(alone: Path) -> None:
    company = Sandbox(World(scale=5))
    dataset = read_manifest(alone)
    assert dataset is not None
    by_path = {file.path: file for file in dataset.files}
    for block in reversed(range(company.blocks())):
        for name, table in company.chunk(block).items():
            digest = hashlib.blake2b(memoryview(encode(table)), digest_size=16).hexdigest()
            assert by_path[f"{name}/part-{block:05d}.parquet"].digest == digest


def test_another_seed_gives_other_rows() -> None:
    one, two = (Sandbox(World(seed=seed, scale=0.01)).chunk(0) for seed in (1, 2))
    assert all(not one[name].equals(two[name]) for name in one)


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    company = Sandbox(World(scale=0.01))
    first, made = make_dataset(company, tmp_path)
    assert made
    second, made = make_dataset(company, tmp_path)
    assert not made
    assert second == first
    next(tmp_path.rglob("*.parquet")).unlink()
    third, made = make_dataset(company, tmp_path)
    assert made
    assert third == first


def test_files_of_an_earlier_larger_company_go_and_the_users_stay(tmp_path: Path) -> None:
    make_dataset(Sandbox(World(scale=2)), tmp_path)
    mine = tmp_path / "raw_users" / "mine.parquet"
    mine.write_bytes((tmp_path / "raw_users" / "part-00001.parquet").read_bytes())
    dataset, _ = make_dataset(Sandbox(World(scale=0.01)), tmp_path)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.parquet")}
    assert found == {file.path for file in dataset.files} | {"raw_users/mine.parquet"}


def content(company: Sandbox) -> dict[str, str]:
    """Digest of each table's rows, as text."""
    tables = company.chunk(0)
    return {
        name: hashlib.sha256(json.dumps(table.to_pylist(), default=str).encode()).hexdigest()
        for name, table in tables.items()
    }


def test_the_rows_are_those_on_record() -> None:
    """If this fails, users' data changes under the same seed: raise ``Sandbox.version`` and record anew."""
    company = Sandbox(World(scale=0.02))
    expected = json.loads(GOLDEN.read_text())
    assert expected == {"version": company.version, "digests": content(company)}


def test_a_data_set_knows_what_is_missing_and_what_was_changed(alone: Path, tmp_path: Path) -> None:
    dataset = read_manifest(alone)
    assert isinstance(dataset, DataSet)
    assert missing_file(alone, dataset) is None
    assert changed_file(alone, dataset) is None
    assert missing_file(tmp_path, dataset) == tmp_path / dataset.files[0].path
    assert read_manifest(tmp_path) is None


def test_an_edited_file_is_not_made_anew_in_silence(tmp_path: Path) -> None:
    company = Sandbox(World(scale=0.01))
    make_dataset(company, tmp_path)
    edited = tmp_path / "raw_users" / "part-00000.parquet"
    content = bytearray(edited.read_bytes())
    content[-9] ^= 1
    edited.write_bytes(content)
    with pytest.raises(ChangedFileError):
        make_dataset(company, tmp_path)
    _, made = make_dataset(company, tmp_path, force=True)
    assert made
