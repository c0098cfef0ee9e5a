#pragma once

#include "sekimori/model/database.h"
#include "sekimori/model/derived_columns.h"
#include "sekimori/model/facts.h"

#include <filesystem>
#include <functional>

namespace sekimori {

/// Writes a new model file: schema and facts, then whatever `derive` adds, in a transaction that is
/// open when it is called and when it returns; it may let the facts go, which are not looked at
/// after it. `columns` has the derived columns of facts.
/// It is written beside the target and renamed, so an old file stays whole until then.
/// Rows come in the order of the facts, so that equal facts make equal bytes. Throws Error, which
/// names `called` where that is not `path`.
void save(const Facts& facts, const std::filesystem::path& path,
          const std::function<void(Database&)>& derive, const std::filesystem::path& called = {},
          const ColumnSource& columns = {});

/// Whether a model has a table or view of that name; one of before it was introduced has not.
/// Throws Error.
[[nodiscard]] bool has_table(Database& model, std::string_view name);

/// Whether a file begins as a model file does.
[[nodiscard]] bool is_model_file(const std::filesystem::path& path);

/// The facts of a model file; derived tables are passed over. Two threads read where there are more
/// than one. Throws Error.
[[nodiscard]] Facts load(const std::filesystem::path& path, unsigned threads = 1);

}  // namespace sekimori
