package vivit.bench;

import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.model.engine.Nd4jEngine;

/** The engine to measure. */
public enum EngineChoice {
  /** The engine that training and evaluation use on this machine. */
  DEFAULT {
    @Override
    Engine create() {
      return Engines.create(DataType.FLOAT);
    }

    @Override
    Engine instead(Engine engine) {
      return engine;
    }
  },
  /** Plain ND4J. */
  ND4J {
    @Override
    Engine create() {
      return new Nd4jEngine(DataType.FLOAT);
    }

    @Override
    Engine instead(Engine engine) {
      engine.close();
      return create();
    }
  };

  /** Creates an engine of this kind. */
  abstract Engine create();

  /**
   * Replaces the default engine by an engine of this kind; closes the default engine unless it is
   * kept.
   */
  abstract Engine instead(Engine engine);
}
