#pragma once

#include "sekimori/dissect/dissector.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sekimori {

/// The word that a statement begins with (ISO/IEC 9075-2, and what makers add). Only what that
/// word alone makes sure has an access: a SELECT may call what writes, but what it asks is to read.
struct SqlVerb {
  std::string_view word;
  std::string_view name;
  Access access;
};

/// The first stands for every other word. Its place is its number; new ones go to the end.
inline constexpr auto kSqlVerbs = std::to_array<SqlVerb>({
    {"other", "statement", Access::unknown},
    {"SELECT", "select", Access::read},
    {"SHOW", "show", Access::read},
    {"DESCRIBE", "describe", Access::read},
    {"EXPLAIN", "explain", Access::read},
    {"INSERT", "insert", Access::write},
    {"UPDATE", "update", Access::write},
    {"DELETE", "delete", Access::write},
    {"MERGE", "merge", Access::write},
    {"REPLACE", "replace", Access::write},
    {"TRUNCATE", "truncate", Access::write},
    {"CREATE", "create", Access::configure},
    {"ALTER", "alter", Access::configure},
    {"DROP", "drop", Access::configure},
    {"GRANT", "grant", Access::configure},
    {"REVOKE", "revoke", Access::configure},
    {"BEGIN", "begin", Access::session},
    {"START", "start", Access::session},
    {"COMMIT", "commit", Access::session},
    {"ROLLBACK", "rollback", Access::session},
    {"SAVEPOINT", "savepoint", Access::session},
    {"SET", "set", Access::session},
    {"USE", "use", Access::session},
    {"RESET", "reset", Access::session},
    {"DISCARD", "discard", Access::session},
    {"CALL", "call", Access::unknown},
    {"EXEC", "execute", Access::unknown},
    {"EXECUTE", "execute", Access::unknown},
    {"DECLARE", "declare", Access::unknown},
    {"WITH", "with", Access::unknown},
    {"IF", "if", Access::unknown},
    {"COPY", "copy", Access::unknown},
    {"LOAD", "load", Access::unknown},
    {"BACKUP", "backup", Access::unknown},
    {"RESTORE", "restore", Access::unknown},
    {"KILL", "kill", Access::control},
    {"SHUTDOWN", "shutdown", Access::control},
    {"LOCK", "lock", Access::session},
    {"UNLOCK", "unlock", Access::session},
    {"ANALYZE", "analyze", Access::diagnose},
    {"VACUUM", "vacuum", Access::diagnose},
    {"DBCC", "dbcc", Access::diagnose},
    {"PRINT", "print", Access::read},
    {"WAITFOR", "waitfor", Access::session},
    {"LISTEN", "listen", Access::session},
    {"CLOSE", "close", Access::session},
    {"FETCH", "fetch", Access::read},
});

/// The number of the verb that `text` begins with; blanks, comments and open brackets before it
/// are passed over.
[[nodiscard]] std::uint32_t sql_verb_of(std::string_view text) noexcept;

/// A protocol's own operations and, behind each code of `carriers` that brings statements, one
/// for each verb: code << 8 | verb. Codes of its own stay below 256.
template <std::size_t own, std::size_t carriers>
constexpr auto with_sql(const std::array<Operation, own>& operations,
                        const std::array<std::uint32_t, carriers>& codes) {
  std::array<Operation, own + carriers * kSqlVerbs.size()> all{};
  std::size_t at = 0;
  for (const auto& operation : operations) all[at++] = operation;
  for (const auto code : codes)
    for (std::uint32_t verb = 0; verb < kSqlVerbs.size(); ++verb)
      all[at++] = {(code << 8U) | verb, kSqlVerbs[verb].name, kSqlVerbs[verb].access, {}};
  return all;
}

}  // namespace sekimori
