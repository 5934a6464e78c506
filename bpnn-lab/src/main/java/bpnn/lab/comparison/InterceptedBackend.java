package bpnn.lab.comparison;

import bpnn.spi.Backend;
import bpnn.spi.Kernels;
import bpnn.spi.Step;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A backend each of whose kernel calls somebody stands in front of. Backend and kernels are wrapped as dynamic proxies, so
 * that no kernel, however new, falls back to its definition. Steps are eager, since a recorded one would hide its kernels.
 */
public final class InterceptedBackend {
    private InterceptedBackend() {}

    /** Who stands in front of the kernels. */
    @FunctionalInterface
    public interface Interceptor {
        /**
         * Takes a call.
         *
         * @param kernel the method of {@link Kernels}
         * @param arguments what it is called with
         * @param original the call itself
         * @return what the call returns
         */
        @Nullable
        Object take(Method kernel, Object @Nullable [] arguments, Call original) throws Throwable;
    }

    /** A call that has not been carried out yet. */
    @FunctionalInterface
    public interface Call {
        @Nullable
        Object carryOut() throws Throwable;
    }

    /** Wraps a backend, which stays with the caller to close. */
    public static Backend of(Backend inner, Interceptor interceptor) {
        Kernels kernels = proxy(
                Kernels.class,
                (method, arguments) ->
                        interceptor.take(method, arguments, () -> invoke(inner.kernels(), method, arguments)));
        return proxy(Backend.class, (method, arguments) -> {
            if (method.getName().equals("kernels")) {
                return kernels;
            }
            if (method.getName().equals("record") && arguments != null) {
                return Step.eager((Runnable) arguments[0]);
            }
            return invoke(inner, method, arguments);
        });
    }

    private interface Invocation {
        @Nullable
        Object of(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Invocation invocation) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> invocation.of(method, arguments)));
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
