"use strict";
// Asks for the status each second and writes it into the two tables; text only, never markup.

const cell = (text, kind) => {
  const made = document.createElement("td");
  made.textContent = text === null || text === undefined ? "" : text;
  if (kind) made.className = kind;
  return made;
};
const seconds = (value) => (value === null || value === undefined ? "" : `${Number(value).toFixed(1)} s`);
const moment = (value) => (value ? value.slice(0, 19).replace("T", " ") : "");
const short = (name) => name.split(".").pop();

const lag = (row) => {
  const made = cell(row.real_lag_seconds === null ? "no change yet" : `${seconds(row.real_lag_seconds)} `);
  if (row.real_lag_seconds !== null && row.asked_seconds) {
    const bar = document.createElement("meter");
    bar.max = row.asked_seconds;
    bar.value = Math.min(row.real_lag_seconds, row.asked_seconds);
    bar.title = `${seconds(row.real_lag_seconds)} of ${row.asked_seconds} s`;
    made.append(bar);
  }
  return made;
};

const fill = (name, rows) => {
  const body = document.querySelector(`#${name} tbody`);
  body.replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  }));
};

const show = (news) => {
  document.querySelector("#project").textContent = news.project;
  fill("tables", news.tables.map((row) => [
    cell(short(row.table)), cell(row.asked), lag(row), cell(seconds(row.behind_seconds), "number"),
    cell(row.state, row.state === "on time" ? "good" : "bad"), cell(moment(row.data_at), "quiet"),
  ]));
  fill("history", news.history.slice(0, 40).map((row) => [
    cell(moment(row.finished_at), "quiet"), cell(short(row.table)),
    cell(row.action, row.action === "failed" || row.is_late ? "bad" : ""),
    cell(row.rows_in.toLocaleString("en"), "number"), cell(row.rows_out.toLocaleString("en"), "number"),
    cell(row.seconds.toFixed(2), "number"), cell(seconds(row.real_lag_seconds), "number"),
    cell(row.reason, "quiet"),
  ]));
};

const ask = async () => {
  const live = document.querySelector("#live");
  try {
    const answer = await fetch("status.json");
    show(await answer.json());
    live.textContent = `live, ${new Date().toLocaleTimeString("en-GB")}`;
    live.className = "good";
  } catch {
    live.textContent = "the watch has ended";
    live.className = "bad";
  }
};
ask();
setInterval(ask, 1000);
