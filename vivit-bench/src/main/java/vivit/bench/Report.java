package vivit.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The result of a measurement. Its JSON has the record's components in snake case. */
public sealed interface Report
    permits StepReport, OperationReport, InputReport, ReadReport, DecodeReport, RoundReport {

  /** Formats the result as a table. */
  String text();

  /** Formats the result as one JSON object, without a line break at the end. */
  default String json() throws JsonProcessingException {
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
  }
}
