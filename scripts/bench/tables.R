# Reads the tables of a folder of results with R: the rows of each, and the third question of docs/corpora.md.
#
#   Rscript scripts/bench/tables.R results
#
# It needs the packages arrow and dplyr, and fails if a table cannot be read or a column has no meaning.

suppressPackageStartupMessages({library(arrow); library(dplyr)})

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1) stop("name the folder of results: Rscript scripts/bench/tables.R results", call. = FALSE)
results <- normalizePath(given, winslash = "/", mustWork = TRUE)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
script <- gsub("~+~", " ", script, fixed = TRUE)  # Rscript's way to pass a space
page <- file.path(dirname(normalizePath(script)), "..", "..", "docs", "corpora.md")
options(pillar.width = Inf, width = 200)

cat(R.version.string, "with arrow", format(packageVersion("arrow")), "on", format(Sys.Date()), "\n")
for (name in c("recordings", "turns", "transfers", "pauses", "cues", "statistics")) {
  table <- read_parquet(file.path(results, paste0(name, ".parquet")), as_data_frame = FALSE)
  without <- setdiff(paste("column", names(table)), names(table$metadata))
  if (length(without)) stop(name, ": no meaning of ", toString(without), call. = FALSE)
  cat(name, nrow(as.data.frame(table)), "rows", ncol(table), "columns\n")
}

lines <- readLines(page, encoding = "UTF-8")
from <- which(lines == "```r")
until <- which(lines == "```")
asked <- lines[(from + 1):(min(until[until > from]) - 1)]
for (each in parse(text = gsub("\"results/", paste0("\"", results, "/"), asked, fixed = TRUE))) {
  answer <- withVisible(eval(each))
  if (answer$visible) print(answer$value, n = Inf)
}
