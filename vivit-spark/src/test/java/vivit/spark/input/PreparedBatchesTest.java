package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.spark.input.PreparedBatches.ItemPreparation;
import vivit.spark.input.PreparedBatches.PreparedBatch;
import vivit.spark.input.TokenBuffer.TokenShape;

class PreparedBatchesTest {
  private static final TokenShape SHAPE = new TokenShape(2, 3);
  private static final int CLIPS_PER_ITEM = 2;

  /** An item's tokens are its number, twelve times. */
  private static final ItemPreparation<Integer, String> NUMBERS =
      (item, room) -> {
        while (room.hasRemaining()) {
          room.put(item);
        }
        return "item " + item;
      };

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void batchesComeInOrderWhateverTheNumberOfThreads(int threads) throws Exception {
    try (ReadAhead ahead = new ReadAhead(SHAPE, threads);
        PreparedBatches<Integer, String> batches =
            new PreparedBatches<>(ahead, CLIPS_PER_ITEM, () -> NUMBERS)) {
      for (int batch = 0; batch < 40; batch++) {
        batches.order(items(batch));
      }
      for (int number = 0; number < 40; number++) {
        PreparedBatch<String> batch = batches.next();
        List<Integer> items = items(number);
        assertThat(batch.results()).isEqualTo(items.stream().map(item -> "item " + item).toList());
        assertThat(batch.tokens().shape())
            .containsExactly((long) items.size() * CLIPS_PER_ITEM, 2, 3);
        for (int item = 0; item < items.size(); item++) {
          long clip = (long) item * CLIPS_PER_ITEM;
          assertThat(batch.tokens().slice(clip).dup().data().asFloat())
              .containsOnly(items.get(item));
          assertThat(batch.tokens().slice(clip + 1).dup().data().asFloat())
              .containsOnly(items.get(item));
        }
      }
      assertThatThrownBy(batches::next).hasMessage("No batch was ordered");
    }
  }

  /** One to four items. */
  private static List<Integer> items(int batch) {
    return IntStream.range(0, 1 + batch % 4).mapToObj(item -> 10 * batch + item).toList();
  }

  @Test
  void theSameFewBuffersAreUsedAgainAndAgain() throws Exception {
    Set<Long> addresses = new HashSet<>();
    try (ReadAhead ahead = new ReadAhead(SHAPE, 2);
        PreparedBatches<Integer, String> batches =
            new PreparedBatches<>(ahead, CLIPS_PER_ITEM, () -> NUMBERS)) {
      for (int batch = 0; batch < 20; batch++) {
        batches.order(List.of(2 * batch, 2 * batch + 1));
      }
      for (int batch = 0; batch < 20; batch++) {
        addresses.add(batches.next().tokens().data().address());
      }
    }
    assertThat(addresses).hasSizeLessThanOrEqualTo(ReadAhead.BUFFERS);
  }

  /** Nothing is prepared beyond the buffers: the batch in use and two more. */
  @Test
  void readsNoFurtherAheadThanThereIsMemoryFor() throws Exception {
    AtomicInteger furthest = new AtomicInteger();
    try (ReadAhead ahead = new ReadAhead(SHAPE, 4);
        PreparedBatches<Integer, String> batches =
            new PreparedBatches<>(
                ahead,
                CLIPS_PER_ITEM,
                () ->
                    (item, room) -> {
                      furthest.accumulateAndGet(item, Math::max);
                      return NUMBERS.prepare(item, room);
                    })) {
      for (int batch = 0; batch < 50; batch++) {
        batches.order(List.of(batch));
      }
      for (int batch = 0; batch < 50; batch++) {
        batches.next();
        assertThat(furthest.get()).isBetween(batch, batch + ReadAhead.BUFFERS - 1);
      }
    }
  }

  @Test
  void clipsOfABatchAreInWorkAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3); // passes only if three threads meet
    try (ReadAhead ahead = new ReadAhead(SHAPE, 3);
        PreparedBatches<Integer, String> batches =
            new PreparedBatches<>(
                ahead,
                CLIPS_PER_ITEM,
                () ->
                    (item, room) -> {
                      try {
                        together.await();
                      } catch (Exception broken) {
                        throw new IllegalStateException(broken);
                      }
                      return NUMBERS.prepare(item, room);
                    })) {
      batches.order(List.of(1, 2, 3));
      assertThat(batches.next().results()).containsExactly("item 1", "item 2", "item 3");
    }
  }

  @Test
  void theFirstFailureSurfacesInPlaceOfItsBatch() throws Exception {
    ItemPreparation<Integer, String> failing =
        (item, room) -> {
          if (item == 3) {
            throw new IOException("cannot read 3");
          }
          if (item == 4 || item == 6) {
            throw new AssertionError("wrong: " + item);
          }
          return NUMBERS.prepare(item, room);
        };
    try (ReadAhead ahead = new ReadAhead(SHAPE, 3);
        PreparedBatches<Integer, String> batches =
            new PreparedBatches<>(ahead, CLIPS_PER_ITEM, () -> failing)) {
      batches.order(List.of(0, 1));
      batches.order(List.of(2, 3, 4));
      batches.order(List.of(5));
      batches.order(List.of(6));
      assertThat(batches.next().results()).containsExactly("item 0", "item 1");
      assertThatThrownBy(batches::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot read 3");
      assertThat(batches.next().results()).containsExactly("item 5");
      assertThatThrownBy(batches::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot prepare the batch: wrong: 6");
    }
  }

  @Test
  void closingWaitsForTheItemsInWorkAndLeavesNoThread() throws Exception {
    CountDownLatch inWork = new CountDownLatch(2);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger finished = new AtomicInteger();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    ReadAhead ahead = new ReadAhead(SHAPE, 2);
    PreparedBatches<Integer, String> batches =
        new PreparedBatches<>(
            ahead,
            CLIPS_PER_ITEM,
            () ->
                (item, room) -> {
                  threads.add(Thread.currentThread());
                  inWork.countDown();
                  try {
                    goOn.await();
                  } catch (InterruptedException broken) {
                    throw new IllegalStateException(broken);
                  }
                  finished.incrementAndGet();
                  return NUMBERS.prepare(item, room);
                });
    batches.order(List.of(0, 1, 2, 3));
    inWork.await();
    Thread closing = new Thread(batches::close);
    closing.start();
    while (closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(finished).hasValue(0);
    goOn.countDown();
    closing.join();
    assertThat(finished).hasValue(2);

    ahead.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(threads).hasSize(2).noneMatch(Thread::isAlive);
  }

  @Test
  void anInterruptedConsumerStopsWaiting() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ReadAhead ahead = new ReadAhead(SHAPE, 1)) {
      PreparedBatches<Integer, String> batches =
          new PreparedBatches<>(
              ahead,
              CLIPS_PER_ITEM,
              () ->
                  (item, room) -> {
                    try {
                      never.await();
                    } catch (InterruptedException broken) {
                      throw new IllegalStateException(broken);
                    }
                    return "";
                  });
      batches.order(List.of(0));
      Thread.currentThread().interrupt();
      assertThatThrownBy(batches::next).isInstanceOf(InterruptedException.class);
      never.countDown();
      batches.close();
    }
  }
}
