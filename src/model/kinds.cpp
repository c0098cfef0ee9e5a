#include "kinds.h"

#include "connection.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <new>
#include <span>

namespace sekimori {
namespace {

/// Adds a value's bytes, behind its type and, where they may be of any length, their length.
void add_to(std::string& key, sqlite3_value* value) {
  const auto add = [&key](const auto& bytes) {
    const auto all = std::bit_cast<std::array<char, sizeof bytes>>(bytes);
    key.append(all.data(), all.size());
  };
  const int type = sqlite3_value_type(value);
  key += static_cast<char>(type);
  if (type == SQLITE_INTEGER) return add(sqlite3_value_int64(value));
  if (type == SQLITE_FLOAT) return add(sqlite3_value_double(value));
  if (type == SQLITE_NULL) return;
  const auto text = view_of(value);
  add(text.size());
  key.append(text);
}

/// The SQL function of Database::number_kinds().
void number_of_kind(sqlite3_context* context, int count, sqlite3_value** values) {
  auto& kinds = *static_cast<Kinds*>(sqlite3_user_data(context));
  const std::span all{values, static_cast<std::size_t>(count)};
  try {
    kinds.key.clear();
    for (auto* const value : all) add_to(kinds.key, value);
    const auto next = static_cast<std::int64_t>(kinds.values.size()) + 1;
    const auto [found, added] = kinds.numbers.try_emplace(kinds.key, next);
    if (kinds.numbers.size() > Kinds::kMost)
      return sqlite3_result_error(context, "too many kinds", -1);
    if (added)
      std::ranges::transform(all, std::back_inserter(kinds.values.emplace_back()), value_of);
    sqlite3_result_int64(context, found->second);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

}  // namespace

void Database::number_kinds(const std::string& function, Kinds* kinds) {
  const int code = sqlite3_create_function_v2(
      impl_->connection->handle, function.c_str(), -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, kinds,
      kinds != nullptr ? number_of_kind : nullptr, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw Error(impl_->connection->words(code));
}

}  // namespace sekimori
