package bpnn.tck;

import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The conformance kit as a JUnit 5 test. Backend authors extend it:
 *
 * <pre>{@code
 * class MyBackendTest extends BackendConformanceTest {
 *     @Override
 *     protected BackendProvider provider() {
 *         return new MyBackendProvider();
 *     }
 * }
 * }</pre>
 */
public abstract class BackendConformanceTest {
    /** Subclasses need no state. */
    protected BackendConformanceTest() {}

    /** The provider of the backend under test. */
    protected abstract BackendProvider provider();

    /** How to open the backend; its defaults unless overridden. */
    protected BackendConfig config() {
        return BackendConfig.defaults();
    }

    /** One container per group and one test per case, in the order of the kit. */
    @TestFactory
    final Stream<DynamicNode> conformance() {
        Conformance kit = Conformance.of(provider(), config());
        Map<Group, List<ConformanceCase>> groups = kit.cases().stream()
                .collect(Collectors.groupingBy(ConformanceCase::group, TreeMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> (DynamicNode) DynamicContainer.dynamicContainer(
                        group.getKey().title(), group.getValue().stream().map(item -> test(item, kit.seed()))))
                .onClose(kit::close);
    }

    private static DynamicTest test(ConformanceCase item, long seed) {
        return DynamicTest.dynamicTest(item.name(), () -> {
            Findings findings = item.run().findings();
            Assumptions.assumeFalse(findings.verdict() == Verdict.SKIPPED, findings.message());
            if (findings.verdict() == Verdict.FAILED) {
                Assertions.fail(findings.message() + "; seed " + seed);
            }
        });
    }
}
