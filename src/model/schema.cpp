#include "sekimori/model/database.h"

namespace sekimori {
namespace embedded {
extern const std::string_view schema_sql, fact_index_sql, derived_index_sql;
}  // namespace embedded

std::string_view schema_sql() {
  return embedded::schema_sql;
}

std::string_view fact_index_sql() {
  return embedded::fact_index_sql;
}

std::string_view derived_index_sql() {
  return embedded::derived_index_sql;
}

}  // namespace sekimori
