#include "sekimori/model/database.h"

namespace sekimori {
namespace embedded {
extern const std::string_view schema_sql, operation_index_sql, subject_index_sql,
    conversation_index_sql, derived_index_sql;
}  // namespace embedded

std::string_view schema_sql() {
  return embedded::schema_sql;
}

std::string_view operation_index_sql() {
  return embedded::operation_index_sql;
}

std::string_view subject_index_sql() {
  return embedded::subject_index_sql;
}

std::string_view conversation_index_sql() {
  return embedded::conversation_index_sql;
}

std::string_view derived_index_sql() {
  return embedded::derived_index_sql;
}

}  // namespace sekimori
