import streamlit as st
st.write("hello")
if st.button("x"): st.write("y")
