package vivit.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The result of a measurement. Its JSON has the record's components in snake case. */
public sealed interface Report
    permits StepReport, OperationReport, InputReport, ReadReport, DecodeReport {

  /** The table. */
  String text();

  /** One JSON object, without line breaks at the end. */
  default String json() throws JsonProcessingException {
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
  }
}
